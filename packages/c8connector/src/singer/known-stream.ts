import { ProtocolError } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Exactness, SchemaMessage } from '../interface/messages.ts';
import { type ExactValueWriter, exactValueWriters } from '../jsonl/exact-value.ts';
import { type RecordReader, recordReader } from '../jsonl/record-reader.ts';
import { details } from './line-error.ts';
import { shownName } from './shown.ts';

/** What a decoder knows of a stream since its last SCHEMA. */
export interface KnownStream {
  readonly message: SchemaMessage;
  readonly reader: RecordReader;
  /** Columns that each record must have; those of the key must not be null either. */
  readonly required: readonly { readonly index: number; readonly isKey: boolean }[];
  /** How the values of exact columns are written; undefined when records need no conversion. */
  readonly writers: readonly (ExactValueWriter | undefined)[] | undefined;
  /** Whether a warning about columns that the schema lacks was logged. */
  readonly warned: Warned;
}

interface Warned {
  ofColumns: boolean;
}

/** The most columns that one warning names. */
const namedColumns = 10;

/** Makes it from a SCHEMA; `warned` is taken from the SCHEMA before it. */
export function knownStream(
  message: SchemaMessage,
  exact: Exactness,
  warned: Warned = { ofColumns: false },
): KnownStream {
  const reader = recordReader(message.schema);
  // the reader of a free schema has no columns yet: add those of the key
  for (const name of message.keyProperties) reader.indexOf(name);
  const listed = message.schema.required;
  const keys = new Set(message.keyProperties);
  const names = new Set([...keys, ...(Array.isArray(listed) ? listed.map(String) : [])]);
  const required = [...names]
    .filter((name) => keys.has(name) || Object.hasOwn(message.schema.properties, name))
    .map((name) => ({ index: reader.indexOf(name), isKey: keys.has(name) }));
  const writers = exact === 'text' ? exactValueWriters(message.schema, exact) : undefined;
  return { message, reader, required, writers, warned };
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
      `line ${line}: a record of the stream ${shownName(message.stream)} ${problem} ${shownName(column)}.`,
      { code: 'record_invalid', details: details({ line, stream: message.stream, column }) },
    );
  }
  if (reader.unknown.length > 0) warnOfColumns(stream, line, log);
}

/** Logs once for a stream that records have columns which its schema lacks, and names those of the first such record. */
function warnOfColumns({ reader, message, warned }: KnownStream, line: number, log: Log): void {
  if (warned.ofColumns) return;
  warned.ofColumns = true;
  const names = [...new Set(reader.unknown)];
  const shown = names.slice(0, namedColumns).map(shownName).join(', ');
  const more = names.length > namedColumns ? ` and ${names.length - namedColumns} more` : '';
  log.warn(
    `the schema of the stream ${shownName(message.stream)} does not declare ${shown}${more}: columns that it lacks are left out`,
    details({ line, stream: message.stream }),
  );
}
