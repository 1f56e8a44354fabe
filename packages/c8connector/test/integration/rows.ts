import {
  Batch,
  type Ledger,
  type Rejection,
  type Row,
  type StreamSchema,
  silentLog,
  type TargetMessage,
  type UnitState,
  type WriteRequest,
} from '../../src/index.ts';

/** The state of a FLUSH at a position of the copy. */
export function stateAt(position: unknown): UnitState {
  return { patches: { rows: { kind: 'range', copy: 1, range: 0, position: { at: position } } } };
}

const idAndText: StreamSchema['properties'] = { id: { type: 'integer' }, text: { type: 'string' } };
/** The columns of a stream whose rows are inputs of `say` themselves. */
export const textOnly: StreamSchema['properties'] = { text: { type: 'string' } };

/** The messages of a stream: SCHEMA, and then a batch for each list of rows and a FLUSH for each position. */
export async function* messagesOf(
  parts: readonly (readonly Row[] | { readonly position: unknown })[],
  keyProperties: readonly string[] = [],
  properties = idAndText,
): AsyncGenerator<TargetMessage> {
  const schema: StreamSchema = { type: 'object', properties };
  const header = { stream: 'rows', schema, extractedAt: '2024-01-01T00:00:00.000000Z', exact: 'number' } as const;
  yield { type: 'SCHEMA', stream: 'rows', schema, keyProperties };
  for (const part of parts) {
    if ('position' in part) yield { type: 'FLUSH', state: stateAt(part.position), isCheckpoint: true };
    else yield Batch.ofRows(header, part);
  }
}

export function writeRequest(ledger?: Ledger, rejections: Rejection[] = []): WriteRequest {
  return {
    config: { password: 'open sesame' },
    run: { id: 'run', connection: 'rows', unit: 'rows/copy/0', epoch: 1, generation: 1 },
    signal: new AbortController().signal,
    log: silentLog,
    ledger,
    onRejected: (rejection) => rejections.push(rejection),
  };
}
