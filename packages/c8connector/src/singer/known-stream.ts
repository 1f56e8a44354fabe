import { ProtocolError } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Exactness, SchemaMessage } from '../interface/messages.ts';
import { type ExactValueWriter, exactValueWriters } from '../jsonl/exact-value.ts';
import { type RecordReader, recordReader } from '../jsonl/record-reader.ts';

/** What a decoder knows of a stream since its last SCHEMA. */
export interface KnownStream {
  readonly message: SchemaMessage;
  readonly reader: RecordReader;
  /** Columns that each record must have; a key must not be null either. */
  readonly required: readonly { readonly index: number; readonly isKey: boolean }[];
  /** How the values of exact columns are written; undefined when records are right as they are. */
  readonly writers: readonly (ExactValueWriter | undefined)[] | undefined;
  /** Unknown columns that a warning has named. */
  readonly warnedColumns: Set<string>;
}

export function knownStream(message: SchemaMessage, exact: Exactness, warnedColumns: Set<string>): KnownStream {
  const reader = recordReader(message.schema);
  // a free schema knows no columns yet: the reader shall know those of the key
  for (const name of message.keyProperties) reader.indexOf(name);
  const listed = message.schema.required;
  const names = new Set([...message.keyProperties, ...(Array.isArray(listed) ? listed.map(String) : [])]);
  const required = [...names]
    .map((name) => ({ index: reader.columns.indexOf(name), isKey: message.keyProperties.includes(name) }))
    .filter(({ index }) => index >= 0);
  const writers = exact === 'text' ? exactValueWriters(message.schema, exact) : undefined;
  return { message, reader, required, writers, warnedColumns };
}

/** Checks the record that the stream's reader read last. Throws a ProtocolError `record_invalid` when it lacks a column that it must have. */
export function checkRecord(stream: KnownStream, bytes: Uint8Array, line: number, log: Log): void {
  const { reader, required, message } = stream;
  for (let at = 0; at < required.length; at++) {
    const { index = -1, isKey = false } = required[at] ?? {};
    const start = reader.starts[index] ?? -1;
    if (start >= 0 && !(isKey && bytes[start] === 0x6e)) continue;
    const column = reader.columns[index] ?? '';
    const what = isKey ? 'key property' : 'required property';
    const problem = start < 0 ? `lacks the ${what}` : `has null in the ${what}`;
    throw new ProtocolError(
      `line ${line}: a record of the stream ${JSON.stringify(message.stream)} ${problem} ${JSON.stringify(column)}.`,
      {
        code: 'record_invalid',
        details: { stream: message.stream, column, line },
      },
    );
  }
  for (const column of reader.unknown) {
    if (stream.warnedColumns.has(column)) continue;
    stream.warnedColumns.add(column);
    log.warn(
      `the schema of the stream ${JSON.stringify(message.stream)} has no column ${JSON.stringify(column)}: it is left out`,
      {
        stream: message.stream,
        column,
        line,
      },
    );
  }
}
