import {
  builtColumn,
  type ColumnBuilder,
  type ColumnValues,
  columnBuilder,
  columnBuilderOver,
  columnType,
  misfitError,
  putBytes,
  putJson,
  putNull,
  rowsOfColumns,
  type StreamSchema,
  stringifyValue,
} from 'c8connector';
import { nullOfNotNull, type RowColumn, type RowEncoder, refuseFields, unescapeField } from './copy-row.ts';
import { type PlainPut, plainPutOf, putPlain, scanPlain } from './plain-column.ts';
import { grown } from './scratch.ts';
import type { PostgresType } from './types.ts';

/** Rows as typed arrays, one for each column. */
export interface ColumnPage {
  readonly columns: readonly ColumnValues[];
  readonly count: number;
  /** Takes the arrays of a page back, to fill them again. */
  readonly reuse: (columns: readonly ColumnValues[]) => void;
}

/** A column as this encoder needs it. */
export interface TypedColumn extends RowColumn {
  readonly type: PostgresType;
}

/** What is in errors, and what the columns are laid out by. */
export interface ColumnsOf {
  readonly stream: string;
  /** Of these columns, in their order. */
  readonly schema: StreamSchema;
  readonly keyProperties: readonly string[];
}

const tab = 0x09;
const lineBreak = 0x0a;
const backslash = 0x5c;
const letterN = 0x4e;

/** A page ends with the row that reaches one of these: rows, and bytes of COPY text. */
const pageRows = 8192;
const pageBytes = 1024 * 1024;
const mostUsed = 4;
/** Rows that the first page has room for before its arrays grow. */
const firstRoom = 512;

/** An encoder of rows of these columns, as COPY gives them, into typed arrays. A value that has no plain form goes through its converter, so that both ways come to the same. */
export function columnEncoder(columns: readonly TypedColumn[], of: ColumnsOf): RowEncoder<ColumnPage> {
  const types = Object.values(of.schema.properties).map((property) => columnType(property, of.schema));
  const plain: readonly PlainPut[] = columns.map(({ type, shortcut }, index) =>
    plainPutOf(type, shortcut, types[index] ?? { kind: 'json' }),
  );
  const full: ColumnPage[] = [];
  /** Arrays of pages that were taken: no more than are under way at once. */
  const used: (readonly ColumnValues[])[] = [];
  const reuse = (given: readonly ColumnValues[]): void => {
    if (used.length < mostUsed && given.length >= types.length) used.push(given);
  };
  /** Rows that a new page has room for: as many as the last one had, since of long rows a page has few. */
  let room = firstRoom;
  let builders = newBuilders();
  let count = 0;
  let size = 0;
  let scratch: Uint8Array = new Uint8Array(1024);

  function newBuilders(): ColumnBuilder[] {
    const again = used.pop();
    if (again === undefined) return types.map((type) => columnBuilder(type, room));
    return types.map((type, index) => columnBuilderOver(type, again[index] as ColumnValues, room));
  }

  function add(bytes: Uint8Array, start: number, end: number): void {
    const last = columns.length - 1;
    // All loops below end at the line break.
    if (bytes[end - 1] !== lineBreak) refuse(bytes, start, end);
    let from = start;
    for (let index = 0; index <= last; index++) {
      const builder = builders[index] as ColumnBuilder;
      const fieldEnd = index === last ? lineBreak : tab;
      const put = plain[index] as PlainPut;
      const behind = scanPlain(put, builder, bytes, from, end);
      if (behind >= 0) {
        if (bytes[behind] === fieldEnd) {
          from = behind + 1;
          continue;
        }
        // What was taken for the whole of the value is not.
        builder.count--;
      }
      from = 1 + putField(index, builder, bytes, from, fieldEnd);
      if (from === 0) refuse(bytes, start, end);
    }
    // The row of no columns is a line break.
    if (from !== (last < 0 ? end - 1 : end)) refuse(bytes, start, end);
    count++;
    size += end - start;
    if (count >= pageRows || size >= pageBytes) endPage();
  }

  /** Adds a field whose end is not known yet, and returns the position after it; -1 when the row ends too soon, or too late. */
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
    else if (!putPlain(plain[index] as PlainPut, builder, bytes, start, next))
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
    if (!putPlain(plain[index] as PlainPut, builder, bytes, start, plainEnd))
      putConverted(index, builder, bytes, start, plainEnd);
  }

  function putConverted(index: number, builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): void {
    const { name, type, convert } = columns[index] as TypedColumn;
    scratch = grown(scratch, 8 * (end - start) + 40);
    const to = convert(bytes, start, end, scratch, 0);
    // A JSON null is a value of its own here.
    if (type.kind === 'json' && builder.type.kind === 'json') putBytes(builder, scratch, 0, to);
    else if (!putJson(builder, scratch, 0, to)) throw misfit(name, scratch.slice(0, to));
  }

  /** The keys that come before the column name the row. */
  function misfit(column: string, json: Uint8Array): Error {
    const names = Object.keys(of.schema.properties);
    const known = names.flatMap((name, index) => {
      const builder = builders[index] as ColumnBuilder;
      return of.keyProperties.includes(name) && builder.count > count ? [[name, index] as const] : [];
    });
    const schema = {
      ...of.schema,
      properties: Object.fromEntries(known.map(([name]) => [name, of.schema.properties[name] ?? {}])),
    };
    const values = known.map(([, index]) => builtColumn(builders[index] as ColumnBuilder));
    const row = rowsOfColumns(values, count + 1, schema).at(-1) ?? {};
    const line = new TextEncoder().encode(stringifyValue(row));
    return misfitError({ column, json, line }, { ...of, keyProperties: known.map(([name]) => name) });
  }

  function endPage(): void {
    full.push({ columns: builders.map(builtColumn), count, reuse });
    room = count;
    builders = newBuilders();
    count = 0;
    size = 0;
  }

  return {
    add,
    nextPage: () => full.shift(),
    rest() {
      if (count > 0) endPage();
      return full.shift();
    },
  };
}
