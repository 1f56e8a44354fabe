import { invalidAnswer } from 'c8connector-sql';
import type { Server } from '../../server.ts';
import { columnPut, columnSize } from './column-text.ts';
import { eventName } from './event-types.ts';
import { absentValue, type EventHeader, type EventKind, type LogTableMap, nullValue, type RowText } from './events.ts';
import { partialUpdates } from './partial-update.ts';
import { makeRoom, type Put, spareRoom } from './put.ts';
import type { TextColumn } from './text-column.ts';

/** Reads the rows of rows events of one table, one after another. */
export interface RowReader {
  /** The images of the current row; those that the operation does not have are undefined. Reused for each row. */
  readonly before: RowText | undefined;
  readonly after: RowText | undefined;
  /** Begins with the rows of an event of this table, whose bytes must stay valid until its last row. */
  begin(event: EventHeader & EventKind<'rows'>): void;
  /**
   * Reads the next row; false after the last one.
   *
   * @throws {ConnectionError} `server_answer_invalid` when the event does not fit the table, is cut, or has a value that its type does not have.
   */
  next(): boolean;
}

/** Bytes of a text without which no row is read. */
const firstRoom = 4096;

/**
 * A reader of the rows of a table. `columns` are those of the table, by index, as the catalog knows them; undefined for a column that is not wanted, or not known, whose values are skipped.
 *
 * @throws {DataError} `value_refused` for a wanted column of a type or character set that cannot be decoded.
 */
export function rowReader(
  table: LogTableMap,
  columns: readonly (TextColumn | undefined)[],
  server: Pick<Server, 'flavour'>,
): RowReader {
  const count = table.columns.length;
  const sizes = Int32Array.from(table.columns, (column, index) =>
    columnSize(column, columns[index], { table, server }),
  );
  const puts = table.columns.map((column, index): Put | undefined => {
    const wanted = columns[index];
    return wanted === undefined || wanted.isSkipped ? undefined : columnPut(column, wanted, { table, server });
  });
  const images = { before: emptyRow(count), after: emptyRow(count) };
  const partial = partialUpdates(table);
  let event: EventHeader & EventKind<'rows'>;
  let at = 0;

  function readImage(present: readonly boolean[], text: RowText): void {
    const { bytes, end, isPartial } = event.rows;
    if (present.length !== count) throw new RangeError(`it has ${present.length} columns, and its table ${count}`);
    const nulls = at;
    at += nullBytes(present);
    if (at > end) throw cut();
    let bit = 0;
    let to = 0;
    for (let column = 0; column < count; column++) {
      text.starts[column] = absentValue;
      if (!present[column]) continue;
      const put = puts[column];
      const isNull = ((bytes[nulls + (bit >> 3)] as number) & (1 << (bit & 7))) !== 0;
      bit++;
      if (isNull) {
        if (put !== undefined) text.starts[column] = nullValue;
        continue;
      }
      const size = valueSize(column, bytes, end);
      if (put !== undefined) {
        if (text.bytes.length - to < size + spareRoom) makeRoom(text, to, size + spareRoom);
        text.starts[column] = to;
        to = isPartial
          ? partial.put(put, column, { bytes, start: at, end: at + size }, text, to)
          : put(bytes, at, at + size, text, to);
        text.ends[column] = to;
      }
      at += size;
    }
  }

  /** The size of the value that begins at `at`, after its length if it has one. */
  function valueSize(column: number, bytes: Uint8Array, end: number): number {
    let size = sizes[column] as number;
    if (size < 0) {
      const prefix = -size;
      if (at + prefix > end) throw cut();
      size = lengthAt(bytes, at, prefix);
      at += prefix;
    }
    if (size > end - at) throw cut();
    return size;
  }

  function readRow(): boolean {
    const { before, after, bytes, end, isPartial } = event.rows;
    if (at === end) return false;
    if (isPartial) partial.begin();
    if (before !== undefined) readImage(before, images.before);
    if (isPartial) at = partial.readBits(bytes, at, end);
    if (after !== undefined) readImage(after, images.after);
    return true;
  }

  return {
    get before() {
      return event.rows.before && images.before;
    },
    get after() {
      return event.rows.after && images.after;
    },
    begin(next) {
      event = next;
      at = next.rows.start;
    },
    next() {
      try {
        return readRow();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw damaged(event, table, error);
      }
    },
  };
}

function emptyRow(count: number): RowText {
  return { bytes: new Uint8Array(firstRoom), starts: new Int32Array(count), ends: new Int32Array(count) };
}

function nullBytes(present: readonly boolean[]): number {
  let count = 0;
  for (let index = 0; index < present.length; index++) if (present[index]) count++;
  return (count + 7) >> 3;
}

function lengthAt(bytes: Uint8Array, at: number, size: number): number {
  let length = 0;
  for (let index = size - 1; index >= 0; index--) length = length * 256 + (bytes[at + index] as number);
  return length;
}

function cut(): RangeError {
  return new RangeError('a row extends beyond its event');
}

function damaged({ type, next }: EventHeader, { database, name }: LogTableMap, error: RangeError): Error {
  const place = next === 0 ? '' : ` before the position ${next}`;
  return invalidAnswer(
    `the event ${eventName(type)}${place} of the binary log, for ${database}.${name}: ${error.message}`,
  );
}
