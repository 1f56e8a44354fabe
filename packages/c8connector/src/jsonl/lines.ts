import { ConnectorError } from '../interface/errors.ts';
import type { Exactness } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import type { Row, Value } from '../interface/value.ts';
import { appendByte, asBuffer, byteBuffer, textOf, written } from './byte-buffer.ts';
import { columnType, columnTyper } from './column-type.ts';
import { valueDecoder } from './decode-value.ts';
import { exactValueWriters } from './exact-value.ts';
import { type RecordReader, recordReader } from './record-reader.ts';
import { writeRecord } from './write-record.ts';

/** Converts lines to rows, with decimals and JSON columns as values. Throws a ConnectorError `contract_broken` when the lines do not match the schema. */
export function rowsOfLines(lines: Uint8Array, schema: StreamSchema, exact: Exactness): Row[] {
  const reader = recordReader(schema);
  const typeOf = columnTyper(schema);
  const decoders = Object.values(schema.properties).map((property) => valueDecoder(typeOf(property), exact));
  const decodeAny = valueDecoder({ kind: 'text' }, exact);
  const rows: Row[] = [];
  eachRecord(lines, reader, (lineStart, lineEnd) => {
    const line = textOf(lines, lineStart, lineEnd);
    // as many characters as bytes: it is ASCII, and a part of it need not be decoded again
    const isAscii = line.length === lineEnd - lineStart;
    const row: Record<string, Value> = {};
    for (let member = 0; member < reader.members; member++) {
      const index = reader.order[member] ?? -1;
      const start = reader.starts[index] ?? -1;
      if (start < 0) continue;
      const end = reader.ends[index] ?? start;
      const json = isAscii ? line.slice(start - lineStart, end - lineStart) : textOf(lines, start, end);
      setMember(row, reader.columns[index] ?? '', (decoders[index] ?? decodeAny)(json));
    }
    rows.push(row);
  });
  return rows;
}

/** The values of one column, undefined where a line lacks it. Much faster than reading all of the rows. */
export function columnOfLines(
  lines: Uint8Array,
  { schema, column, exact }: { readonly schema: StreamSchema; readonly column: string; readonly exact: Exactness },
): (Value | undefined)[] {
  const reader = recordReader(schema);
  const index = reader.indexOf(column);
  const decode = valueDecoder(columnType(schema.properties[column] ?? {}, schema), exact);
  const values: (Value | undefined)[] = [];
  eachRecord(lines, reader, () => {
    const start = reader.starts[index] ?? -1;
    values.push(start < 0 ? undefined : decode(textOf(lines, start, reader.ends[index] ?? start)));
  });
  return values;
}

function setMember(row: Record<string, Value>, name: string, value: Value): void {
  // assigning it would set the prototype
  if (name === '__proto__')
    Object.defineProperty(row, name, { value, enumerable: true, writable: true, configurable: true });
  else row[name] = value;
}

/** Lines of the other exactness in this one; the same bytes when no column is exact. A JSON null in a JSON column becomes null. */
export function withExactness(lines: Uint8Array, schema: StreamSchema, exact: Exactness): Uint8Array {
  const writers = exactValueWriters(schema, exact);
  if (writers === undefined) return lines;
  const reader = recordReader(schema);
  const out = byteBuffer(lines.length + (lines.length >> 3) + 64);
  eachRecord(lines, reader, (start, end) => {
    writeRecord(out, reader, writers, lines, start, end);
    appendByte(out, 0x0a);
  });
  return written(out);
}

/** Calls `visit` for each line of a batch, with where it starts and ends, once the reader has found its columns. Throws a ConnectorError `contract_broken` when a line is not a JSON object. */
export function eachRecord(lines: Uint8Array, reader: RecordReader, visit: (start: number, end: number) => void): void {
  const buffer = asBuffer(lines);
  let start = 0;
  while (start < lines.length) {
    const newline = buffer.indexOf(0x0a, start);
    const end = newline < 0 ? lines.length : newline;
    const read = reader.read(lines, start, end);
    if (read !== end) {
      throw new ConnectorError(`The lines of a batch are not JSON objects: see byte ${read < 0 ? -1 - read : read}.`, {
        code: 'contract_broken',
      });
    }
    visit(start, end);
    start = end + 1;
  }
}
