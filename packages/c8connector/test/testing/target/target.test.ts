import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { parseValue, type Row } from '../../../src/index.ts';
import { testTarget } from '../../../src/testing/index.ts';
import { memoryTarget } from '../../fixtures/memory-target.ts';
import { programPath } from '../../fixtures/program-path.ts';

const stored = new Map<string, Row[]>();
const folder = mkdtempSync(join(tmpdir(), 'c8-target-memory-'));
/** Where the program leaves what it stored. */
const kept = join(folder, 'kept.json');

afterAll(() => rmSync(folder, { recursive: true }));

testTarget({
  connector: memoryTarget(stored),
  config: { password: 'open sesame', kept_in: kept },
  readBack: (stream) => stored.get(stream) ?? keptRows()[stream] ?? [],
  program: programPath('memory-target-main'),
});

function keptRows(): Readonly<Record<string, readonly Row[]>> {
  if (!existsSync(kept)) return {};
  return parseValue(readFileSync(kept, 'utf8')) as unknown as Readonly<Record<string, readonly Row[]>>;
}
