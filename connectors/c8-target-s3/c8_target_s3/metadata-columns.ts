import { Batch, type RecordsMessage, type SchemaMessage, type StreamSchema } from 'c8connector';

/** Columns that show where a row comes from. They are the same for all rows of a batch, and the same when the batch is written again. */
const metadataColumns = {
  _sdc_extracted_at: { type: 'string', format: 'date-time' },
  _sdc_table_version: { type: ['null', 'integer'] },
} as const;

type MetadataColumn = keyof typeof metadataColumns;

/** A stream with the metadata columns at the end. Those that it already has are kept; a schema without columns stays empty, and only the rows get them. */
export function withMetadataColumns(message: SchemaMessage): SchemaMessage {
  return { ...message, schema: extended(message.schema) };
}

function extended(schema: StreamSchema): StreamSchema {
  const properties = { ...schema.properties };
  if (Object.keys(properties).length === 0) return schema;
  for (const name of addedTo(schema)) Object.assign(properties, { [name]: metadataColumns[name] });
  return { ...schema, properties };
}

/** The rows of a batch with the metadata columns. */
export function withMetadata(batch: RecordsMessage): RecordsMessage {
  const { stream, schema, version, extractedAt, exact, count } = batch;
  const values = { _sdc_extracted_at: extractedAt, _sdc_table_version: version ?? null };
  const members = addedTo(schema).map((name) => `${JSON.stringify(name)}:${JSON.stringify(values[name])}`);
  if (members.length === 0) return batch;
  const header = { stream, schema: extended(schema), version, extractedAt, exact };
  return Batch.ofLines(header, appended(batch.lines(), count, members.join(',')), count);
}

function addedTo({ properties = {} }: StreamSchema): readonly MetadataColumn[] {
  return (Object.keys(metadataColumns) as MetadataColumn[]).filter((name) => !Object.hasOwn(properties, name));
}

const newline = 0x0a;

/** Lines with `members` at the end of each object. */
function appended(lines: Uint8Array, count: number, members: string): Uint8Array {
  const from = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  const more = Buffer.from(`,${members}}\n`);
  const to = Buffer.allocUnsafe(from.length + count * more.length);
  let length = 0;
  for (let start = 0; start < from.length; ) {
    const end = from.indexOf(newline, start);
    // Without the closing brace, the last byte of the line.
    length += from.copy(to, length, start, end - 1);
    const isEmpty = end - start === 2;
    length += more.copy(to, length, isEmpty ? 1 : 0);
    start = end + 1;
  }
  return to.subarray(0, length);
}
