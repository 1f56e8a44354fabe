import { Decimal, type Row, type SourceMessage, type StreamSchema, type Value } from 'c8connector';

/** A row of a read. */
export interface ReadRow {
  readonly row: Row;
  readonly version: number;
  /** The schema of its SCHEMA message. */
  readonly schema: StreamSchema;
}

/** The rows of a stream, in their order. */
export function rowsOf(messages: readonly SourceMessage[], stream: string): ReadRow[] {
  return messages.flatMap((message) => {
    if (message.type !== 'RECORDS' || message.stream !== stream) return [];
    const { schema, version = 0 } = message;
    return message.rows().map((row) => ({ row, schema, version }));
  });
}

/** Whether a row is a delete. */
export function isDeleted(row: Row): boolean {
  return row._sdc_deleted_at !== null && row._sdc_deleted_at !== undefined;
}

/** A value as its text, whatever its type; undefined for one that is absent or null. */
export function textOf(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return value instanceof Decimal ? value.text : String(value);
}

/** A row without its `_sdc_sequence`, which differs in each read. */
export function withoutSequence({ _sdc_sequence: _, ...row }: Row): Row {
  return row;
}

/** The `_sdc_sequence` of a row, by which a reader finds the last row of a key; undefined when it has none. */
export function sequenceOf({ _sdc_sequence: sequence }: Row): bigint | undefined {
  const text = textOf(sequence);
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
}

/** The content of a stream according to its rows: the last row of each key, of the newest activated version and those above it. Columns that a row leaves out keep their value. */
export function tableSeen(messages: readonly SourceMessage[], stream: string): ReadonlyMap<string, Row> {
  const activated = messages.flatMap((message) =>
    message.type === 'ACTIVATE_VERSION' && message.stream === stream ? [message.version] : [],
  );
  const least = Math.max(0, ...activated);
  const rows = rowsOf(messages, stream).filter(({ version }) => version >= least);
  const order = (one: ReadRow, other: ReadRow): number =>
    Number((sequenceOf(one.row) ?? 0n) - (sequenceOf(other.row) ?? 0n));
  const seen = new Map<string, Row>();
  for (const { row } of rows.sort(order)) {
    const key = textOf(row.id) ?? '';
    if (isDeleted(row)) seen.delete(key);
    else seen.set(key, { ...seen.get(key), ...row });
  }
  return seen;
}
