import { type ColumnBuilder, columnType, type Page, putBytes, putJson, putNull, type StreamSchema } from 'c8connector';
import type { RowColumn, RowEncoder } from 'c8connector-sql';
import {
  addRowPage,
  columnPages,
  endColumnRow,
  grown,
  makeRowRoom,
  nullOfNotNull,
  type PlainPut,
  takeColumnPage,
  takeColumnRest,
} from 'c8connector-sql';
import { refuseFields, rowEncoder } from './copy-row.ts';
import { copyPutOf, putCopied } from './plain-column.ts';
import { fieldLength, fieldStart, nullByte } from './text-row.ts';
import type { MysqlType } from './types.ts';

/** A column as this encoder needs it. */
export interface TypedColumn extends RowColumn {
  readonly type: MysqlType;
}

/** The stream, for error messages, and its schema, which decides the layout of the columns. */
export interface ColumnsOf {
  readonly stream: string;
  /** The schema of exactly these columns, in this order. */
  readonly schema: StreamSchema;
}

/**
 * Encodes rows of the text protocol with these columns into typed arrays. Common values are put there directly (`plain-column.ts`); all others are converted to JSON first, so both representations of a table are the
 * same. A row with a value that its array cannot hold is its own page, of lines: whether such a row is an error is the target's choice.
 */
export function columnEncoder(columns: readonly TypedColumn[], of: ColumnsOf): RowEncoder<Page> {
  const types = Object.values(of.schema.properties).map((property) => columnType(property, of.schema));
  const plain: readonly PlainPut[] = columns.map(({ type, shortcut }, index) =>
    copyPutOf(type, shortcut, types[index] ?? { kind: 'json' }),
  );
  const pages = columnPages(types);
  const asLines = rowEncoder(columns, of.stream);
  let isMisfit = false;
  let scratch: Uint8Array = new Uint8Array(1024);

  function add(bytes: Uint8Array, start: number, end: number): void {
    makeRowRoom(pages);
    let from = start;
    for (let index = 0; index < columns.length; index++) {
      const builder = pages.builders[index] as ColumnBuilder;
      builder.count = pages.count;
      if (from < end && bytes[from] === nullByte) {
        const { name, isNullable } = columns[index] as TypedColumn;
        if (!isNullable) throw nullOfNotNull(of.stream, name);
        putNull(builder);
        from++;
        continue;
      }
      const first = fieldStart(bytes, from);
      const next = first + fieldLength(bytes, from);
      // Also when the length is not a number.
      if (!(next <= end)) throw refuseFields(columns.length, of.stream);
      if (!putCopied(plain[index] as PlainPut, builder, bytes, first, next))
        putConverted(index, builder, bytes, first, next);
      if (isMisfit) {
        addAsLine(bytes, start, end);
        return;
      }
      from = next;
    }
    if (from !== end) throw refuseFields(columns.length, of.stream);
    endColumnRow(pages, end - start);
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
    asLines.add(bytes, start, end);
    const page = asLines.rest();
    addRowPage(pages, page && { ...page, exact: 'number' });
  }

  return {
    add,
    nextPage: () => takeColumnPage(pages),
    rest: () => takeColumnRest(pages),
  };
}
