import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseValue, type Row } from 'c8connector';
import { afterAll } from 'vitest';
import { memoryTarget } from '../../../c8connector/test/fixtures/memory-target.ts';
import { programPath } from '../../../c8connector/test/fixtures/program-path.ts';
import { testTarget } from '../../src/index.ts';

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
