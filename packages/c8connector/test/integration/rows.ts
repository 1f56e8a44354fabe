import {
  Batch,
  type Ledger,
  type Rejection,
  type Row,
  type StreamSchema,
  silentLog,
  type TargetMessage,
  type WriteRequest,
} from '../../src/index.ts';

/** The messages of a stream: SCHEMA, and then a batch for each list of rows and a FLUSH for each bookmark. */
export async function* messagesOf(
  parts: readonly (readonly Row[] | { readonly position: unknown })[],
  keyProperties: readonly string[] = [],
): AsyncGenerator<TargetMessage> {
  const schema: StreamSchema = { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } };
  const facts = { stream: 'rows', schema, extractedAt: '2024-01-01T00:00:00.000000Z', exact: 'number' } as const;
  yield { type: 'SCHEMA', stream: 'rows', schema, keyProperties };
  for (const part of parts) {
    if ('position' in part) {
      const state = { bookmarks: { rows: { version: 1, at: part.position } } };
      yield { type: 'FLUSH', state, isCheckpoint: true };
    } else yield Batch.ofRows(facts, part);
  }
}

export function writeRequest(ledger?: Ledger, rejections: Rejection[] = []): WriteRequest {
  return {
    integration: { password: 'open sesame' },
    run: { id: 'run', connection: 'connection', unit: 'rows', epoch: 1, generation: 1 },
    signal: new AbortController().signal,
    log: silentLog,
    ledger,
    onRejected: (rejection) => rejections.push(rejection),
  };
}
