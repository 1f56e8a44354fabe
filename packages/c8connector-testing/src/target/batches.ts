import { randomUUID } from 'node:crypto';
import type { RecordsMessage, Row, StreamSchema, WriteRequest } from 'c8connector';
import { Batch } from 'c8connector';
import type { TargetContext } from './target-context.ts';

/** Rows of a stream as a batch, with decimals in the form that the target accepts. */
export function batchOf(
  stream: string,
  schema: StreamSchema,
  rows: readonly Row[],
  exact: 'number' | 'text' = 'number',
): RecordsMessage {
  return Batch.ofRows({ stream, schema, extractedAt: '2023-04-05T06:07:08.123456Z', exact }, rows);
}

/** The request of `write` for a new unit. */
export async function writeRequest(
  context: TargetContext,
  unit: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<WriteRequest> {
  const run = { id: randomUUID(), connection: randomUUID(), unit, epoch: 1, generation: 1 };
  return { config: await context.config(), run, signal, log: context.log };
}
