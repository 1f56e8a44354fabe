// Takes about 90 s.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCodec } from '../../src/codec/codec.ts';
import { createParquetEncoder } from '../../src/encode/encoder.ts';
import { blockOf, type Cell } from '../blocks.ts';
import { variants } from '../null-variants.ts';
import { samples } from '../samples.ts';

let folder: string;
let python: string;
let missing: string | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'c8connector-parquet-'));
  python = join(folder, 'python', 'bin', 'python');
  const made = spawnSync('python3', ['-m', 'venv', join(folder, 'python')], { encoding: 'utf8' });
  const installed = spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'pyarrow', 'polars'], { encoding: 'utf8' });
  if (!existsSync(python)) missing = `python3 with venv: ${made.error?.message ?? made.stderr}`;
  else if (installed.status !== 0) missing = `pyarrow and polars: ${installed.stderr}`;
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As read.py prints it. */
function printed(cell: Cell): unknown {
  if (cell === null || typeof cell === 'boolean' || typeof cell === 'string') return cell;
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex');
  if (typeof cell === 'bigint' || typeof cell === 'number') return String(cell);
  return cell.map(printed);
}

function printedDouble(cell: Cell): unknown {
  if (Array.isArray(cell)) return cell.map(printedDouble);
  if (typeof cell !== 'number') return cell;
  if (Number.isNaN(cell)) return 'nan';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(cell);
  return bytes.toString('hex');
}

/** All types and null patterns in one file. */
async function fileOf(rows: number, codec: 'uncompressed' | 'snappy' | 'gzip' | 'zstd') {
  const all = Object.entries(samples).flatMap(([name, { type, value }]) =>
    variants(rows).map((variant) => ({ name: `${name}: ${variant.name}`, type, cells: variant.cells(value) })),
  );
  const parts: Uint8Array[] = [];
  const encoder = createParquetEncoder({
    columns: all.map(({ name, type }) => ({ name, type })),
    codec,
    compress: await loadCodec(codec),
    output: (part) => parts.push(part.slice()),
    rowGroupRows: 64,
    pageBytes: 16,
  });
  encoder.add(
    blockOf(
      all.map(({ type }) => type),
      all.map(({ cells }) => cells),
    ),
  );
  encoder.finish();
  const path = join(folder, `${codec}.parquet`);
  await writeFile(path, Buffer.concat(parts));
  return { path, all };
}

describe.each(['pyarrow', 'polars'])('%s reads what was written', (library) => {
  test.for([
    [1, 'uncompressed'],
    [64, 'snappy'],
    [65, 'gzip'],
    [300, 'zstd'],
  ] as const)('in %i rows, %s', { timeout: 120_000 }, async ([rows, codec], { skip }) => {
    if (missing !== undefined) {
      console.log(`${library} reads nothing here, for want of ${missing}`);
      skip(missing);
    }
    const { path, all } = await fileOf(rows, codec);
    const script = join(import.meta.dirname, 'read.py');
    const { stdout, stderr } = spawnSync(python, [script, library, path], { encoding: 'utf8', maxBuffer: 1e9 });
    expect(stderr).toBe('');
    const columns = stdout.trim().split('\n');
    expect(columns).toHaveLength(all.length);
    all.forEach(({ name, type, cells }, index) => {
      const items = type.kind === 'list' ? type.items : type;
      const isFloating = items.kind === 'real' || items.kind === 'double';
      const expected = cells.map(isFloating ? printedDouble : printed);
      expect({ name, cells: JSON.parse(columns[index] ?? '') }).toEqual({ name, cells: expected });
    });
  });
});
