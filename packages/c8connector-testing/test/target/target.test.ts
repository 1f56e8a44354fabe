import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from 'c8connector';
import { afterAll } from 'vitest';
import { keptRows } from '../../../c8connector/test/fixtures/kept-rows.ts';
import { memoryTarget } from '../../../c8connector/test/fixtures/memory-target.ts';
import { programPath } from '../../../c8connector/test/fixtures/program-path.ts';
import { testTarget } from '../../src/index.ts';

const stored = new Map<string, Row[]>();
const folder = mkdtempSync(join(tmpdir(), 'c8-target-memory-'));
/** Where the program leaves what it stored. */
const kept = join(folder, 'kept.jsonl');

afterAll(() => rmSync(folder, { recursive: true }));

testTarget({
  connector: memoryTarget(stored),
  config: { password: 'open sesame', kept_in: kept },
  readBack: (stream) => stored.get(stream) ?? keptRows(kept, stream),
  program: programPath('memory-target-main'),
});
