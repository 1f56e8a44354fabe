import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Run before each test file: it has a temporary directory of its own, so that what one leaves behind is seen by no other.
const before = process.env.TMPDIR;
const directory = mkdtempSync(join(tmpdir(), 'test-'));
process.env.TMPDIR = directory;
afterAll(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(directory, { recursive: true });
});
