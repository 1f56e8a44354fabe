import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Json, Patch } from '../../src/interface/progress.ts';
import type { State } from '../../src/interface/state.ts';
import { parseValue, stringifyValue } from '../../src/jsonl/values.ts';
import type { DeliveryLog } from '../../src/state/delivery-log.ts';
import { openFileDeliveries } from '../../src/state/file-delivery-log.ts';
import { openMemoryDeliveries } from '../../src/state/memory-delivery-log.ts';
import { resumePointOf } from '../../src/state/resume-point.ts';

let folder: string;
let path: string;
let opened: AsyncDisposable[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deliveries-'));
  path = join(folder, 'orders.state.json.ledger');
  opened = [];
});
afterEach(async () => {
  for (const log of opened) await log[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const keyed = (id: number, stream = 'a') => ({ stream, row: `[${id}]` });
const plain = (n: number, stream = 'a') => ({ stream, row: `0123456789abcdef#${n}` });
const of = (patch: object): State => ({ patches: { a: patch as Patch } });
const at = (position: unknown): State => of({ kind: 'range', copy: 1, range: 0, position: { position } });

function openFile(): DeliveryLog {
  const log = openFileDeliveries(path);
  opened.push(log);
  return log;
}

/** Opens the log, and the ledger of a scope in it. */
async function ledgerOf(scope: string, from: Json = null, log: DeliveryLog = openFile()) {
  const ledger = await log.open(scope, from);
  return { ...ledger, hasAll: (...entries: readonly { stream: string; row: string }[]) => entries.map(ledger.has) };
}

describe.each<[string, () => () => DeliveryLog]>([
  ['in a file', () => () => openFile()],
  [
    'in memory',
    () => {
      const log = openMemoryDeliveries();
      return () => log;
    },
  ],
])('a delivery log %s', (_name, makeOpener) => {
  let open: () => DeliveryLog;
  beforeEach(() => {
    open = makeOpener();
  });

  test('returns what was added in a scope, also after it is opened again, and nothing of other scopes', async () => {
    const ledger = await ledgerOf('a/copy/0@1', null, open());
    await ledger.add(keyed(1));
    expect(ledger.hasAll(keyed(1), keyed(2))).toEqual([true, false]);
    const again = await ledgerOf('a/copy/0@1', null, open());
    expect(again.hasAll(keyed(1), keyed(2), keyed(1, 'b'))).toEqual([true, false, false]);
    expect((await ledgerOf('a/copy/0@2', null, open())).has(keyed(1))).toBe(false);
  });

  test('is shared by units that run at the same time', async () => {
    const log = open();
    const units = await Promise.all([1, 2, 3, 4].map((unit) => ledgerOf(`a/copy/${unit}@1`, null, log)));
    const ids = Array.from({ length: 50 }, (_, id) => id);
    await Promise.all(units.flatMap((unit) => ids.map((id) => unit.add(keyed(id)))));
    for (const unit of [1, 2, 3, 4]) {
      const ledger = await ledgerOf(`a/copy/${unit}@1`, null, open());
      expect(ids.filter((id) => !ledger.has(keyed(id)))).toEqual([]);
    }
  });

  test.each([1, 'x', 9007199254740993n, { lsn: [18446744073709551615n] }, 0.1, { b: 1, a: 2 }])(
    'after the boundary of a state at %s rows without a key count again, those with a key stay',
    async (position) => {
      const ledger = await ledgerOf('x', null, open());
      for (const entry of [keyed(1), plain(1), plain(2)]) await ledger.add(entry);
      expect(await ledger.markBoundary(at(position))).toBe(true);
      expect(ledger.hasAll(keyed(1), plain(1))).toEqual([true, false]);
      await ledger.add(plain(1));
      // As the state file gives it back.
      const stored = parseValue(stringifyValue(at(position))) as State;
      const behind = await ledgerOf('x', resumePointOf(stored), open());
      expect(behind.hasAll(keyed(1), plain(1), plain(2))).toEqual([true, true, false]);
      expect(await behind.markBoundary(stored)).toBe(false);
    },
  );

  test('a run that resumes before a boundary has all rows up to it', async () => {
    const ledger = await ledgerOf('x', null, open());
    for (const entry of [plain(1), plain(2)]) await ledger.add(entry);
    await ledger.markBoundary(at(1));
    expect((await ledgerOf('x', null, open())).hasAll(plain(1), plain(2))).toEqual([true, true]);
  });

  test.each<[string, State | undefined]>([
    ['without a state', undefined],
    ['of a copy that knows no position', of({ kind: 'range', copy: 1, range: 0 })],
    ['of an increment at its beginning', of({ kind: 'increment', progress: { method: 'INCREMENTAL', copy: 1 } })],
    ['at which the read began', at(7)],
  ])('a FLUSH %s is not a boundary', async (_case, state) => {
    const ledger = await ledgerOf('x', resumePointOf(at(7)), open());
    await ledger.add(plain(1));
    expect(await ledger.markBoundary(state)).toBe(false);
    expect(ledger.has(plain(1))).toBe(true);
  });

  test('the boundary of a source that keeps its own state is the whole state, in whatever order its keys are', async () => {
    const ledger = await ledgerOf('tap@1', resumePointOf({ bookmarks: { a: { n: 1 } } }), open());
    await ledger.add(plain(1));
    expect(await ledger.markBoundary({ bookmarks: { a: { n: 1 } } })).toBe(false);
    expect(await ledger.markBoundary({ bookmarks: { a: { n: 2 } }, log: 5 })).toBe(true);
    const behind = resumePointOf({ log: 5, bookmarks: { a: { n: 2 } } });
    expect((await ledgerOf('tap@1', behind, open())).has(plain(1))).toBe(false);
  });

  test('keeps the scopes that are retained', async () => {
    const log = open();
    for (const scope of ['a', 'b', 'c']) {
      const ledger = await ledgerOf(scope, null, log);
      await ledger.add(keyed(1));
      await ledger.markBoundary(at(1));
      await ledger.add(plain(1));
    }
    await log.retain(new Set(['a', 'c', 'unknown']));
    for (const [scope, is] of [
      ['a', true],
      ['b', false],
      ['c', true],
    ] as const)
      expect((await ledgerOf(scope, null, open())).hasAll(keyed(1), plain(1))).toEqual([is, is]);
    const ledger = await ledgerOf('b', null, log);
    await ledger.add(keyed(5));
    expect((await ledgerOf('b', null, open())).has(keyed(5))).toBe(true);
    await log.retain(new Set());
    await log.retain(new Set());
    expect((await ledgerOf('a', null, open())).has(keyed(1))).toBe(false);
  });
});

describe('the file of a delivery log', () => {
  test('is created with the first entry, readable only by its owner, and removed when nothing is retained', async () => {
    const log = openFile();
    const ledger = await log.open('x', null);
    expect(ledger.has(keyed(1))).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    await ledger.add(keyed(1));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await log.retain(new Set());
    expect(await readdir(folder)).toEqual([]);
  });

  test('has a line of JSON for each entry when add resolves, and one for each boundary', async () => {
    const ledger = await ledgerOf('a/copy/0@7');
    await ledger.add(keyed(1));
    await ledger.markBoundary(at(2));
    expect(await readFile(path, 'utf8')).toBe(
      '{"scope":"a/copy/0@7","stream":"a","row":"[1]"}\n{"scope":"a/copy/0@7","border":{"position":2}}\n',
    );
  });

  test('continues after every half-written last line, through several kills', async () => {
    const line = '{"scope":"é","stream":"a","row":"[2]"}';
    const bytes = Buffer.from(line);
    for (let length = 0; length <= bytes.length; length += 1) {
      await rm(path, { force: true });
      for (let kill = 1; kill <= 3; kill++) {
        const ledger = await ledgerOf('é');
        expect(ledger.has(keyed(2))).toBe(length === bytes.length && kill > 1);
        await ledger.add(keyed(10 * kill));
        await appendFile(path, bytes.subarray(0, length));
      }
      const ledger = await ledgerOf('é');
      expect(ledger.hasAll(keyed(10), keyed(20), keyed(30))).toEqual([true, true, true]);
    }
  });

  test('a half-written line from a power failure is not an entry', async () => {
    await appendFile(path, `${JSON.stringify({ scope: 'x', ...keyed(1) })}\n\0\0\0\0`);
    const ledger = await ledgerOf('x');
    expect(ledger.has(keyed(1))).toBe(true);
    await ledger.add(keyed(2));
    expect((await ledgerOf('x')).hasAll(keyed(1), keyed(2))).toEqual([true, true]);
  });

  test.each([
    '{"scope":"x","stre',
    '{"scope":"x"}',
    '{"stream":"a","row":"[1]"}',
    '{"scope":"x","stream":"a","row":5}',
    '[]',
    'null',
    '',
    '\0\0',
  ])('with the damaged line %j in it is refused, and the line is named', async (damaged) => {
    const good = JSON.stringify({ scope: 'x', ...keyed(1) });
    for (const text of [`${good}\n${damaged}\n${good}\n`, `${good}\n${damaged}\n`]) {
      await writeFile(path, text);
      const log = openFile();
      const calls = [() => log.open('x', null), () => log.open('another', null), () => log.retain(new Set(['x']))];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({
          code: 'state_unreadable',
          exitCode: 2,
          message: expect.stringContaining(`line 2 of ${path}`),
          details: { file: path, line: 2 },
        });
      }
      expect(await readFile(path, 'utf8')).toBe(text);
    }
  });

  test('is read in chunks that need not end with a line', async () => {
    const ledger = await ledgerOf('x');
    const rows = Array.from({ length: 300 }, (_, n) => ({ stream: 'ä', row: JSON.stringify(['€'.repeat(n), n]) }));
    await Promise.all(rows.map((row) => ledger.add(row)));
    const again = await ledgerOf('x');
    expect(rows.filter((row) => !again.has(row))).toEqual([]);
    const log = openFile();
    await (await log.open('y', null)).add(keyed(1));
    await log.retain(new Set(['x']));
    const retained = await ledgerOf('x');
    expect(rows.filter((row) => !retained.has(row))).toEqual([]);
  });
});
