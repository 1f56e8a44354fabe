import { setTimeout as sleep } from 'node:timers/promises';
import { type Block, type ColumnValues, openParquetWriter, type Sink } from 'c8connector-parquet';
import { describe, expect, test, vi } from 'vitest';
import { readWithHyparquet } from '../readers/hyparquet.ts';
import { blockFrom, cellsOf, columns } from './rows.ts';

/** A sink that keeps everything. */
function keepingSink(): { sink: Sink; bytes: () => Uint8Array<ArrayBuffer> } {
  const parts: Uint8Array[] = [];
  return { sink: (part) => void parts.push(part), bytes: () => new Uint8Array(Buffer.concat(parts)) };
}

describe.each(['uncompressed', 'snappy', 'gzip', 'zstd'] as const)('with %s', (codec) => {
  test('the rows of all blocks are in the file, in their order', async () => {
    const { sink, bytes } = keepingSink();
    const writer = openParquetWriter({ columns, codec, sink, rowGroupRows: 1000 });
    for (let from = 0; from < 5000; from += 700) await writer.write(blockFrom(from, Math.min(700, 5000 - from)));
    const file = await writer.close();
    expect(file).toEqual({ rows: 5000, rowGroups: 5, bytes: bytes().length });
    expect(await readWithHyparquet(bytes(), columns)).toEqual(cellsOf(0, 5000));
  });
});

test('the memory of written bytes is reused if the sink allows that', async () => {
  const parts: Uint8Array[] = [];
  const memories = new Set<ArrayBufferLike>();
  await using writer = openParquetWriter({
    columns,
    rowGroupRows: 100,
    reusesBytes: true,
    async sink(part) {
      await sleep(1);
      parts.push(part.slice());
      memories.add(part.buffer);
    },
  });
  for (let from = 0; from < 3000; from += 100) await writer.write(blockFrom(from, 100));
  await writer.close();
  expect(await readWithHyparquet(new Uint8Array(Buffer.concat(parts)), columns)).toEqual(cellsOf(0, 3000));
  // What was given back has no length here any more.
  expect([...memories].filter(({ byteLength }) => byteLength > 0).length).toBeLessThan(5);
});

test('a file without a block has its columns and no rows', async () => {
  const { sink, bytes } = keepingSink();
  const file = await openParquetWriter({ columns, sink }).close();
  expect(file).toMatchObject({ rows: 0, rowGroups: 0 });
  expect(await readWithHyparquet(bytes(), columns)).toEqual([[], [], []]);
});

test('the arrays of a block can be reused at once', async () => {
  const { sink, bytes } = keepingSink();
  await using writer = openParquetWriter({ columns, sink });
  for (const first of [0, 100, 200]) {
    const block = blockFrom(first, 100);
    const written = writer.write(block);
    block.columns.forEach(spoil);
    await written;
  }
  await writer.close();
  expect(await readWithHyparquet(bytes(), columns)).toEqual(cellsOf(0, 300));
});

function spoil(values: ColumnValues): void {
  for (const array of Object.values(values)) if (ArrayBuffer.isView(array)) (array as Uint8Array).fill(1);
  if (values.kind === 'list') spoil(values.items);
}

test('row groups are written before later blocks arrive', async () => {
  const taken: number[] = [];
  await using writer = openParquetWriter({
    columns,
    rowGroupRows: 100,
    sink: (bytes) => void taken.push(bytes.length),
  });
  for (let from = 0; from < 1000; from += 100) await writer.write(blockFrom(from, 100));
  expect(taken.length).toBeGreaterThan(5);
});

test('the size after each block does not depend on how fast the thread and the sink are', async () => {
  const sizesWith = async (pause: number): Promise<readonly number[]> => {
    await using writer = openParquetWriter({
      columns,
      codec: 'uncompressed',
      rowGroupRows: 100,
      sink: () => sleep(pause),
    });
    const sizes: number[] = [];
    for (let from = 0; from < 2000; from += 100) {
      await writer.write(blockFrom(from, 100));
      sizes.push(writer.bytes);
      await sleep(from % 300 === 0 ? 5 : 0);
    }
    return sizes;
  };
  const sizes = await sizesWith(0);
  expect(new Set(sizes).size).toBe(20);
  expect(await sizesWith(1)).toEqual(sizes);
});

test('a slow sink slows down the writer', async () => {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await using writer = openParquetWriter({
    columns: [{ name: 'a', type: { kind: 'binary' } }],
    codec: 'uncompressed',
    rowGroupBytes: 1,
    sink: () => isReleased,
  });
  const megabyte = (): Block => {
    const bytes = new Uint8Array(1_000_000);
    return { rows: 1, columns: [{ kind: 'bytes', bytes, ends: Int32Array.of(bytes.length) }] };
  };
  let written = 0;
  const writing = (async () => {
    for (; written < 50; written++) await writer.write(megabyte());
  })();
  await vi.waitFor(() => expect(written).toBeGreaterThan(4), { timeout: 20_000 });
  await sleep(300);
  expect(written).toBeLessThan(15);
  release();
  await writing;
  expect(await writer.close()).toMatchObject({ rows: 50 });
});

describe('what fails', () => {
  test('a block of another shape is refused, as are all after it', async () => {
    await using writer = openParquetWriter({ columns, sink: () => undefined });
    const refused = { name: 'ParquetError', code: 'block_invalid', message: 'A block has 0 columns, the file 3.' };
    await expect(writer.write({ rows: 1, columns: [] })).rejects.toMatchObject(refused);
    await expect(writer.write(blockFrom(0, 1))).rejects.toMatchObject(refused);
    await expect(writer.close()).rejects.toMatchObject(refused);
  });

  test('an error of the thread is passed on', async () => {
    await using writer = openParquetWriter({ columns: [{ name: 'a', type: { kind: 'text' } }], sink: () => undefined });
    const ends = Int32Array.of(2, 1, 2);
    await writer.write({ rows: 3, columns: [{ kind: 'bytes', bytes: new Uint8Array(2), ends }] });
    const message = 'Value 1 of column "a" of a block ends before it begins.';
    await expect(writer.close()).rejects.toMatchObject({ code: 'block_invalid', message });
  });

  test('an error of the sink is passed on, and the sink is not called again', async () => {
    let calls = 0;
    const full = new Error('The disk is full.');
    await using writer = openParquetWriter({
      columns,
      rowGroupRows: 10,
      sink: () => {
        calls++;
        throw full;
      },
    });
    await expect(writer.write(blockFrom(0, 100)).then(() => writer.close())).rejects.toBe(full);
    await expect(writer.close()).rejects.toBe(full);
    expect(calls).toBe(1);
  });

  test('nothing is accepted after the end', async () => {
    const writer = openParquetWriter({ columns, sink: () => undefined });
    await writer.close();
    await writer[Symbol.asyncDispose]();
    await expect(writer.write(blockFrom(0, 1))).rejects.toMatchObject({ code: 'writer_closed' });
    await expect(writer.close()).rejects.toMatchObject({ code: 'writer_closed' });
  });

  test.each([
    [{ columns: [] }, 'columns_invalid'],
    [{ codec: 'gzip', level: 10 }, 'settings_invalid'],
    [{ codec: 'snappy', level: 1 }, 'settings_invalid'],
    [{ rowGroupRows: 0 }, 'settings_invalid'],
  ] as const)('%j is refused at once: %s', (options, code) => {
    const open = () => openParquetWriter({ columns, sink: () => undefined, ...options });
    expect(open).toThrow(expect.objectContaining({ code }));
  });
});

describe('an abort', () => {
  // Each moment is an event of the writer, not a length of time: a fast machine is done within any.
  test.each(['while a block is encoded', 'while the sink is slow', 'while it closes'] as const)(
    '%s rejects with its reason within a moment',
    async (moment) => {
      const controller = new AbortController();
      const reason = new Error('Enough.');
      const never = new Promise<void>(() => {});
      let reach = () => {};
      const reached = new Promise<void>((resolve) => {
        reach = resolve;
      });
      let rowGroups = 0;
      await using writer = openParquetWriter({
        columns: [{ name: 'a', type: { kind: 'binary' } }],
        codec: 'zstd',
        level: 19,
        rowGroupRows: 1,
        sink: () => {
          rowGroups += 1;
          if (moment !== 'while it closes') reach();
          return moment === 'while the sink is slow' ? never : undefined;
        },
        signal: controller.signal,
      });
      const bytes = new Uint8Array(20_000_000).map((_, index) => (index * index) >>> 7);
      const ends = Int32Array.from({ length: 20 }, (_, row) => (row + 1) * 1_000_000);
      const writing = writer.write({ rows: 20, columns: [{ kind: 'bytes', bytes, ends }] }).then(() => {
        const closed = writer.close();
        if (moment === 'while it closes') reach();
        return closed;
      });
      writing.catch(() => undefined);
      await reached;
      const startedAt = performance.now();
      controller.abort(reason);
      await expect(writing).rejects.toBe(reason);
      await writer[Symbol.asyncDispose]();
      expect(performance.now() - startedAt).toBeLessThan(2000);
      if (moment === 'while a block is encoded') expect(rowGroups).toBeLessThan(20);
      await expect(writer.write(blockFrom(0, 1))).rejects.toBe(reason);
    },
  );

  test('before the start starts nothing', () => {
    const open = () =>
      openParquetWriter({ columns, sink: () => undefined, signal: AbortSignal.abort(new Error('Never.')) });
    expect(open).toThrow('Never.');
  });
});

test('aborting a writer rejects pending calls', async () => {
  const writer = openParquetWriter({ columns, rowGroupRows: 1, sink: () => new Promise(() => {}) });
  await writer.write(blockFrom(0, 10));
  const closing = writer.close();
  const rejected = expect(closing).rejects.toMatchObject({ code: 'writer_closed' });
  await writer[Symbol.asyncDispose]();
  await rejected;
});
