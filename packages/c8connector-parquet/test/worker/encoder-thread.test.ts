import { describe, expect, test } from 'vitest';
import { ParquetError } from '../../src/parquet-error.ts';
import { type EncoderThread, startEncoderThread } from '../../src/worker/encoder-thread.ts';

const settings = {
  columns: [],
  codec: 'uncompressed',
  level: undefined,
  rowGroupRows: 1,
  rowGroupBytes: 1,
  pageBytes: 1,
} as const;

/** What a thread of another program fails with, once it has been sent something. */
async function failureOf(program: string): Promise<ParquetError> {
  let thread: EncoderThread | undefined;
  const failure = await new Promise<ParquetError>((resolve, reject) => {
    const unexpected = () => reject(new Error('It reports something.'));
    const events = { onBytes: unexpected, onTaken: unexpected, onFinished: unexpected, onError: resolve };
    thread = startEncoderThread(new URL(`fixtures/${program}.mjs`, import.meta.url));
    thread.begin(settings, events).send({ rows: 0, columns: [] });
  });
  await thread?.stop();
  return failure;
}

describe('a thread that fails is an error', () => {
  test('when it ends', async () => {
    const failure = await failureOf('exits');
    expect(failure).toBeInstanceOf(ParquetError);
    expect(failure.code).toBe('worker_failed');
    expect(failure.message).toBe('The thread that encodes Parquet ended unexpectedly with exit code 3');
  });

  test('when it throws', async () => {
    const failure = await failureOf('throws');
    expect(failure.message).toBe('The thread that encodes Parquet broke: broken');
    expect(failure.cause).toMatchObject({ message: 'broken' });
  });
});
