import { type ColumnBuilder, columnType, type Page, putBytes, putJson, putNull, type StreamSchema } from 'c8connector';
import type { RowColumn, RowEncoder } from 'c8connector-sql';
import {
  addRowPage,
  columnPages,
  endColumnRow,
  fieldScanOf,
  grown,
  makeRowRoom,
  nullOfNotNull,
  type PlainPut,
  takeColumnPage,
  takeColumnRest,
} from 'c8connector-sql';
import { refuseFields, rowEncoder, unescapeField } from './copy-row.ts';
import { escapedAgain, type UnescapedField } from './escaped-again.ts';
import { copyPutOf, putCopied } from './plain-column.ts';
import { type ScanPlace, scanRow } from './scan-row.ts';
import type { PostgresType } from './types.ts';

/** A column as this encoder needs it. */
export interface TypedColumn extends RowColumn {
  readonly type: PostgresType;
}

/** The stream, for error messages, and its schema, which decides the layout of the columns. */
export interface ColumnsOf {
  readonly stream: string;
  /** The schema of exactly these columns, in this order. */
  readonly schema: StreamSchema;
}

const tab = 0x09;
const lineBreak = 0x0a;
const backslash = 0x5c;
const letterN = 0x4e;

/**
 * Encodes rows of COPY text with these columns into typed arrays. Common values are put there directly (`plain-column.ts`); all others are converted to JSON first, so both representations of a table are the same. A
 * row with a value that its array cannot hold is its own page, of lines: whether such a row is an error is the target's choice.
 */
export function columnEncoder(columns: readonly TypedColumn[], of: ColumnsOf): RowEncoder<Page> {
  const types = Object.values(of.schema.properties).map((property) => columnType(property, of.schema));
  const plain: readonly PlainPut[] = columns.map(({ type, shortcut }, index) =>
    copyPutOf(type, shortcut, types[index] ?? { kind: 'json' }),
  );
  const scans = plain.map((put, index) => fieldScanOf(put, types[index]));
  const place: ScanPlace = { index: 0, at: 0 };
  const last = columns.length - 1;
  const pages = columnPages(types);
  const asLines = rowEncoder(columns, of.stream);
  /** Fields of the row that are unescaped. */
  let unescaped: UnescapedField[] = [];
  let isMisfit = false;
  let scratch: Uint8Array = new Uint8Array(1024);

  function add(bytes: Uint8Array, start: number, end: number): void {
    // All loops below rely on the line break at the end.
    if (bytes[end - 1] !== lineBreak) refuse(bytes, start, end);
    makeRowRoom(pages);
    if (unescaped.length > 0) unescaped = [];
    let after = last < 0 ? start : scanFields(0, bytes, start, end);
    while (after < 0) {
      const { index } = place;
      const builder = pages.builders[index] as ColumnBuilder;
      builder.count = pages.count;
      const next = 1 + putField(index, builder, bytes, place.at, index === last ? lineBreak : tab);
      if (next === 0) refuse(bytes, start, end);
      if (isMisfit) {
        addAsLine(bytes, start, end);
        return;
      }
      after = index === last ? next : scanFields(index + 1, bytes, next, end);
    }
    // A row without columns is only a line break.
    if (after !== (last < 0 ? end - 1 : end)) refuse(bytes, start, end);
    endColumnRow(pages, end - start);
  }

  function scanFields(first: number, bytes: Uint8Array, start: number, end: number): number {
    place.index = first;
    place.at = start;
    return scanRow(scans, pages.builders, bytes, end, pages.count, place);
  }

  /** Adds a field whose end is not known yet, and returns the position after it; -1 when the row has too few or too many fields. */
  function putField(index: number, builder: ColumnBuilder, bytes: Uint8Array, start: number, fieldEnd: number): number {
    let next = start;
    let byte = bytes[next] as number;
    let isEscaped = false;
    while (byte !== tab && byte !== lineBreak) {
      if (byte === backslash) isEscaped = true;
      byte = bytes[++next] as number;
    }
    if (byte !== fieldEnd) return -1;
    if (isEscaped) putEscaped(index, builder, bytes, start, next);
    else if (!putCopied(plain[index] as PlainPut, builder, bytes, start, next))
      putConverted(index, builder, bytes, start, next);
    return next;
  }

  function refuse(bytes: Uint8Array, start: number, end: number): never {
    return refuseFields(bytes.subarray(start, end), columns.length, of.stream);
  }

  function putEscaped(index: number, builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): void {
    if (end - start === 2 && bytes[start + 1] === letterN) {
      const { name, isNullable } = columns[index] as TypedColumn;
      if (!isNullable) throw nullOfNotNull(of.stream, name);
      putNull(builder);
      return;
    }
    const plainEnd = unescapeField(bytes, start, end);
    unescaped.push({ start, plainEnd, end });
    if (!putCopied(plain[index] as PlainPut, builder, bytes, start, plainEnd))
      putConverted(index, builder, bytes, start, plainEnd);
  }

  function putConverted(index: number, builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): void {
    const { type, convert } = columns[index] as TypedColumn;
    scratch = grown(scratch, 8 * (end - start) + 40);
    const to = convert(bytes, start, end, scratch, 0);
    // A JSON null is different from a null of SQL here.
    if (type.kind === 'json' && builder.type.kind === 'json') putBytes(builder, scratch, 0, to);
    else if (!putJson(builder, scratch, 0, to)) isMisfit = true;
  }

  function addAsLine(bytes: Uint8Array, start: number, end: number): void {
    isMisfit = false;
    const row = escapedAgain(bytes, { start, end }, unescaped);
    asLines.add(row, 0, row.length);
    const page = asLines.rest();
    addRowPage(pages, page && { ...page, exact: 'number' });
  }

  return {
    add,
    nextPage: () => takeColumnPage(pages),
    rest: () => takeColumnRest(pages),
  };
}
