import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Decimal, parseValue, type State, stringifyValue } from '../../src/index.ts';
import { openFileLedger, removeFileLedger } from '../../src/state/file-ledger.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  path = join(folder, 'orders.state.json.ledger');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const keyed = (id: number, stream = 'a') => ({ stream, row: `[${id}]` });
const plain = (n: number, stream = 'a') => ({ stream, row: `0123456789abcdef#${n}` });
const at = (position: unknown): State => ({ bookmarks: { a: { version: 1, position } } });

describe('the file ledger', () => {
  test('makes no file before the first entry', async () => {
    await using ledger = await openFileLedger(path, ['a'], {});
    expect(ledger.has(keyed(1))).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  test('has what was added, also once it is opened again', async () => {
    {
      await using ledger = await openFileLedger(path, ['a'], {});
      await ledger.add(keyed(1));
      expect(ledger.has(keyed(1))).toBe(true);
    }
    await using ledger = await openFileLedger(path, ['a'], {});
    expect([1, 2].map((id) => ledger.has(keyed(id)))).toEqual([true, false]);
    expect(ledger.has(keyed(1, 'b'))).toBe(false);
  });

  test('an entry stands in the file when add resolves', async () => {
    await using ledger = await openFileLedger(path, ['a'], {});
    await ledger.add(keyed(1));
    expect((await readFile(path, 'utf8')).trim()).toBe('{"stream":"a","row":"[1]"}');
  });

  test('goes on behind every half-written last line', async () => {
    const line = '{"stream":"a","row":"[2]"}';
    for (let length = 0; length <= line.length; length += 1) {
      await removeFileLedger(path);
      {
        await using ledger = await openFileLedger(path, ['a'], {});
        await ledger.add(keyed(1));
      }
      await appendFile(path, line.slice(0, length));
      {
        await using ledger = await openFileLedger(path, ['a'], {});
        expect([1, 2].map((id) => ledger.has(keyed(id)))).toEqual([true, length === line.length]);
        await ledger.add(keyed(3));
      }
      await using ledger = await openFileLedger(path, ['a'], {});
      expect([1, 3].map((id) => ledger.has(keyed(id)))).toEqual([true, true]);
    }
  });

  test('what a power failure left at the end of the file is no entry', async () => {
    await appendFile(path, `\n${JSON.stringify(keyed(1))}\n\0\0\0\0`);
    await using ledger = await openFileLedger(path, ['a'], {});
    expect(ledger.has(keyed(1))).toBe(true);
  });

  test('units share the file, each with its own streams', async () => {
    {
      await using a = await openFileLedger(path, ['a'], {});
      await using b = await openFileLedger(path, ['b'], {});
      await a.add(plain(1));
      await b.add(plain(1, 'b'));
      await b.border({ bookmarks: { b: { position: 1 } } });
    }
    await using a = await openFileLedger(path, ['a'], {});
    expect([a.has(plain(1)), a.has(plain(1, 'b'))]).toEqual([true, false]);
  });

  test.each([1, 'x', 9007199254740993n, new Decimal('1.50'), { lsn: [18446744073709551615n] }, 0.1])(
    'behind the border of a state at %s rows without a key count anew, those with a key stay',
    async (position) => {
      // As the state file gives it back.
      const stored = parseValue(stringifyValue(at(position))) as State;
      {
        await using ledger = await openFileLedger(path, ['a'], {});
        for (const entry of [keyed(1), plain(1), plain(2)]) await ledger.add(entry);
        expect(await ledger.border(at(position))).toBe(true);
        expect([ledger.has(keyed(1)), ledger.has(plain(1))]).toEqual([true, false]);
        await ledger.add(plain(1));
      }
      await using behind = await openFileLedger(path, ['a'], stored);
      expect([keyed(1), plain(1), plain(2)].map((entry) => behind.has(entry))).toEqual([true, true, false]);
      expect(await behind.border(stored)).toBe(false);
    },
  );

  test('a run that goes on from before a border has all rows in front of it', async () => {
    {
      await using ledger = await openFileLedger(path, ['a'], {});
      for (const entry of [plain(1), plain(2)]) await ledger.add(entry);
      await ledger.border(at(1));
    }
    await using ledger = await openFileLedger(path, ['a'], {});
    expect([1, 2].map((n) => ledger.has(plain(n)))).toEqual([true, true]);
  });

  test.each<[string, State | undefined]>([
    ['without a state', undefined],
    ['that knows no position', { bookmarks: { a: { version: 5, last_replication_method: 'FULL_TABLE' } } }],
    ['of a copy that is complete', { bookmarks: { a: { version: 5, is_complete: true } } }],
    ['of another stream', { bookmarks: { b: { position: 5 } } }],
  ])('a FLUSH %s is no border', async (_name, state) => {
    await using ledger = await openFileLedger(path, ['a'], {});
    await ledger.add(plain(1));
    expect(await ledger.border(state)).toBe(false);
    expect(ledger.has(plain(1))).toBe(true);
  });

  test('is gone once removed, and removing what is not there is no error', async () => {
    {
      await using ledger = await openFileLedger(path, ['a'], {});
      await ledger.add(keyed(1));
    }
    await removeFileLedger(path);
    await removeFileLedger(path);
    expect(await readdir(folder)).toEqual([]);
  });
});
