import { isUtf8 } from 'node:buffer';
import type { Bookmark, Page } from 'c8connector';
import { grown } from 'c8connector-sql';
import type { RowEncoder } from './copy-row.ts';
import { fieldLength, fieldStart, nullByte } from './text-row.ts';

/** The values of the key of one row: a copy, since the bytes of a row are valid only during a call. */
interface KeyFields {
  bytes: Uint8Array;
  /** Where each value begins and ends in `bytes`, by index of the key column; -1 for NULL. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** The columns of a position. */
export interface PositionColumns {
  readonly names: readonly string[];
  /** Those of them with bytes. */
  readonly binary: ReadonlySet<string>;
}

/**
 * An encoder whose pages have a bookmark: `{ after: { column: text } }`, the key of their last row in the server's own text, bytes in hexadecimal, `null` for NULL. `columns` are those of the rows.
 */
export function withPositions(
  encoder: RowEncoder<Page>,
  columns: readonly string[],
  position: PositionColumns,
): RowEncoder<Page> {
  const { names } = position;
  const lastField = Math.max(...names.map((name) => columns.indexOf(name)));
  const places = Int32Array.from(columns.slice(0, lastField + 1), (name) => names.indexOf(name));
  const pages: Page[] = [];
  let [last, before] = [keyFields(names.length), keyFields(names.length)];
  let rows = 0;
  let handedOn = 0;

  function take(page: Page): Page {
    handedOn += 'count' in page ? page.count : page.rows.length;
    // A large row ends the page of the rows before it.
    const bookmark = bookmarkOf(position, handedOn === rows ? last : before);
    return bookmark === undefined ? page : { ...page, bookmark };
  }

  return {
    add(bytes, start, end) {
      [last, before] = [before, last];
      keepFields(last, places, bytes, start, end);
      encoder.add(bytes, start, end);
      rows += 1;
      for (let page = encoder.nextPage(); page !== undefined; page = encoder.nextPage()) pages.push(take(page));
    },
    nextPage: () => pages.shift(),
    rest() {
      const page = encoder.rest();
      return page === undefined ? undefined : take(page);
    },
  };
}

function keyFields(count: number): KeyFields {
  return { bytes: new Uint8Array(64), starts: new Int32Array(count), ends: new Int32Array(count) };
}

/** `places` has, for each field up to the last one of the key, its index in the key, or -1. Called for each row, so it allocates nothing. */
function keepFields(fields: KeyFields, places: Int32Array, bytes: Uint8Array, start: number, end: number): void {
  const { starts, ends } = fields;
  let at = start;
  let to = 0;
  for (let field = 0; field < places.length && at < end; field++) {
    const isNull = bytes[at] === nullByte;
    const from = isNull ? at + 1 : fieldStart(bytes, at);
    const next = isNull ? from : from + fieldLength(bytes, at);
    const place = places[field] as number;
    if (place >= 0) {
      const size = next - from;
      if (fields.bytes.length < to + size) fields.bytes = enlarged(fields.bytes, to + size);
      const kept = fields.bytes;
      starts[place] = isNull ? -1 : to;
      for (let index = from; index < next; index++) kept[to++] = bytes[index] as number;
      ends[place] = to;
    }
    at = next;
  }
}

function enlarged(bytes: Uint8Array, size: number): Uint8Array {
  const larger = grown(bytes, size);
  larger.set(bytes);
  return larger;
}

/** Undefined when a value is not text, since it could not be sent back to the server. */
function bookmarkOf({ names, binary }: PositionColumns, { bytes, starts, ends }: KeyFields): Bookmark | undefined {
  const after: Record<string, string | null> = {};
  for (const [place, name] of names.entries()) {
    const field = starts[place] === -1 ? null : Buffer.from(bytes.subarray(starts[place], ends[place]));
    if (field !== null && !binary.has(name) && !isUtf8(field)) return undefined;
    after[name] = field === null ? null : field.toString(binary.has(name) ? 'hex' : 'utf8');
  }
  return { after };
}
