import { openParquetThreads, openParquetWriter, type ParquetWriter, type Sink } from 'c8connector-parquet';
import { describe, expect, test } from 'vitest';
import { blockFrom, columns } from './rows.ts';

describe('files that share a thread', () => {
  type Threads = ReturnType<typeof openParquetThreads>;
  const never = new Promise<void>(() => {});

  async function written(writer: ParquetWriter, count: number): Promise<unknown> {
    await writer.write(blockFrom(0, count));
    return await writer.close();
  }

  test('each have the content that they have alone, also when one begins before the previous one is done', async () => {
    const counts = [10, 3000, 1, 500];
    await using threads = openParquetThreads();
    const parts: Buffer[][] = [[], [], [], []];
    const closed: Promise<unknown>[] = [];
    for (const [index, count] of counts.entries()) {
      const sink: Sink = (bytes) => void parts[index]?.push(Buffer.from(bytes));
      const writer = threads.openWriter({ columns, rowGroupRows: 700, sink });
      await writer.write(blockFrom(0, count));
      closed.push(writer.close());
    }
    await Promise.all(closed);
    expect(parts.map((chunks) => Buffer.concat(chunks))).toEqual(await Promise.all(counts.map(fileOf)));
  });

  /** How one file may fail while another waits for the same thread: each returns the promise of its end once the thread is free for the next. */
  test.each<[string, (threads: Threads) => Promise<{ readonly end: Promise<unknown> }>]>([
    [
      'an error of the thread',
      async (threads) => {
        const writer = threads.openWriter({ columns: [{ name: 'a', type: { kind: 'text' } }], sink: () => undefined });
        const ends = Int32Array.of(2, 1, 2);
        await writer.write({ rows: 3, columns: [{ kind: 'bytes', bytes: new Uint8Array(2), ends }] });
        return { end: writer.close() };
      },
    ],
    [
      'an error after a row group, with another block under way',
      async (threads) => {
        const options = { columns: [{ name: 'a', type: { kind: 'text' } }], rowGroupRows: 1 } as const;
        const writer = threads.openWriter({ ...options, sink: () => undefined });
        const blockOf = (...ends: number[]) => {
          const values = { kind: 'bytes', bytes: new Uint8Array(2), ends: Int32Array.from(ends) } as const;
          return { rows: ends.length, columns: [values] };
        };
        await writer.write(blockOf(2, 1));
        writer.write(blockOf(2)).catch(() => undefined);
        return { end: writer.close() };
      },
    ],
    [
      'an error of its sink',
      async (threads) => {
        const writer = threads.openWriter({ columns, sink: () => Promise.reject(new Error('The disk is full.')) });
        await writer.write(blockFrom(0, 10));
        return { end: writer.close() };
      },
    ],
    [
      'an abort while it closes',
      async (threads) => {
        const controller = new AbortController();
        const writer = threads.openWriter({ columns, sink: () => never, signal: controller.signal });
        await writer.write(blockFrom(0, 10));
        const end = writer.close();
        controller.abort(new Error('Enough.'));
        return { end };
      },
    ],
    [
      'an abort before it closes',
      async (threads) => {
        const controller = new AbortController();
        const writer = threads.openWriter({ columns, sink: () => never, signal: controller.signal });
        await writer.write(blockFrom(0, 10));
        controller.abort(new Error('Enough.'));
        return { end: writer.close() };
      },
    ],
  ])('are not affected by %s', async (_, fail) => {
    await using threads = openParquetThreads();
    const before = threads.openWriter({ columns, sink: () => undefined });
    await before.write(blockFrom(0, 2000));
    const closing = before.close();
    const { end } = await fail(threads);
    const failed = expect(end).rejects.toThrow();
    const behind = written(threads.openWriter({ columns, sink: () => undefined }), 3000);
    await failed;
    await expect(closing).resolves.toMatchObject({ rows: 2000 });
    await expect(behind).resolves.toMatchObject({ rows: 3000 });
    const later = threads.openWriter({ columns, sink: () => undefined });
    await expect(written(later, 7)).resolves.toMatchObject({ rows: 7 });
  });

  test('fail when the threads end', async () => {
    const threads = openParquetThreads();
    const writer = threads.openWriter({ columns, sink: () => never });
    await writer.write(blockFrom(0, 10));
    const closing = expect(writer.close()).rejects.toMatchObject({ code: 'writer_closed' });
    await threads[Symbol.asyncDispose]();
    await closing;
  });
});

async function fileOf(count: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  const sink: Sink = (bytes) => void parts.push(Buffer.from(bytes));
  await using writer = openParquetWriter({ columns, rowGroupRows: 700, sink });
  await writer.write(blockFrom(0, count));
  await writer.close();
  return Buffer.concat(parts);
}
