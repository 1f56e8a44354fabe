import type { Bookmark, Page } from 'c8connector';
import { grown } from './convert-text.ts';
import type { RowEncoder } from './row-encoder.ts';

/** How the values of a key are found in a row of a server's format. Kept apart for speed: it is called for each row. */
export interface KeyDecoder {
  /** Passes the values of the wanted fields to `keepField` in the order of the row. `places` has, for each field up to the last one of the key, its index in the key, or -1. */
  keep(fields: KeyFields, places: Int32Array, bytes: Uint8Array, start: number, end: number): void;
  /** The text of a kept value, null for NULL; undefined when it is not text that could be sent back to the server. */
  textOf(name: string, value: Uint8Array): string | null | undefined;
}

/** The values of the key of one row: a copy, since the bytes of a row are valid only during a call. */
export interface KeyFields {
  bytes: Uint8Array;
  /** The position after the last value in `bytes`. */
  end: number;
  /** Where each value begins and ends in `bytes`, by index of the key column; -1 for NULL. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Copies the value of the key column at `place`, from `start` to `end`. Allocates nothing unless the value is larger than all before. */
export function keepField(fields: KeyFields, place: number, bytes: Uint8Array, start: number, end: number): void {
  let to = fields.end;
  if (fields.bytes.length < to + end - start) fields.bytes = enlarged(fields.bytes, to + end - start);
  const kept = fields.bytes;
  fields.starts[place] = to;
  for (let from = start; from < end; from++) kept[to++] = bytes[from] as number;
  fields.ends[place] = to;
  fields.end = to;
}

/** Records that the key column at `place` is NULL. */
export function keepNull(fields: KeyFields, place: number): void {
  fields.starts[place] = -1;
}

/**
 * An encoder whose pages have a bookmark: `{ after: { column: text } }`, the key of their last row in the server's own text, `null` for NULL. `columns` are those of the rows.
 */
export function withPositions(
  encoder: RowEncoder<Page>,
  columns: readonly string[],
  names: readonly string[],
  key: KeyDecoder,
): RowEncoder<Page> {
  const lastField = Math.max(...names.map((name) => columns.indexOf(name)));
  const places = Int32Array.from(columns.slice(0, lastField + 1), (name) => names.indexOf(name));
  const pages: Page[] = [];
  let [last, before] = [keyFields(names.length), keyFields(names.length)];
  let rows = 0;
  let handedOn = 0;

  function take(page: Page): Page {
    handedOn += 'count' in page ? page.count : page.rows.length;
    // A large row ends the page of the rows before it.
    const bookmark = bookmarkOf(names, handedOn === rows ? last : before, key);
    return bookmark === undefined ? page : { ...page, bookmark };
  }

  return {
    add(bytes, start, end) {
      [last, before] = [before, last];
      last.end = 0;
      key.keep(last, places, bytes, start, end);
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
  return { bytes: new Uint8Array(64), end: 0, starts: new Int32Array(count), ends: new Int32Array(count) };
}

function enlarged(bytes: Uint8Array, size: number): Uint8Array {
  const larger = grown(bytes, size);
  larger.set(bytes);
  return larger;
}

function bookmarkOf(
  names: readonly string[],
  { bytes, starts, ends }: KeyFields,
  { textOf }: KeyDecoder,
): Bookmark | undefined {
  const after: Record<string, string | null> = {};
  for (const [place, name] of names.entries()) {
    const text = starts[place] === -1 ? null : textOf(name, bytes.subarray(starts[place], ends[place]));
    if (text === undefined) return undefined;
    after[name] = text;
  }
  return { after };
}
