import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Run before each test file: each has its own temporary directory, so that none sees the leftovers of another.
const before = process.env.TMPDIR;
const directory = mkdtempSync(join(tmpdir(), 'test-'));
process.env.TMPDIR = directory;
afterAll(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(directory, { recursive: true });
});
