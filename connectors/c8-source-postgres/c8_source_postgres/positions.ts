import { isUtf8 } from 'node:buffer';
import type { Bookmark, Page } from 'c8connector';
import { grown } from 'c8connector-sql';
import type { RowEncoder } from './copy-row.ts';

const tab = 0x09;
const lineBreak = 0x0a;

/** The values of the key of one row, in COPY text: a copy, since the bytes of a row are valid only during a call. */
interface KeyFields {
  bytes: Uint8Array;
  /** Where each value begins and ends in `bytes`, by index of the key column. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * An encoder whose pages have a bookmark: `{ after: { column: text } }`, the key of their last row in the server's own text, `null` for NULL. `columns` are those of the rows.
 */
export function withPositions(
  encoder: RowEncoder<Page>,
  columns: readonly string[],
  names: readonly string[],
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
    const bookmark = bookmarkOf(names, handedOn === rows ? last : before);
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
  for (let field = 0; field < places.length; field++) {
    const from = at;
    while (at < end && bytes[at] !== tab && bytes[at] !== lineBreak) at++;
    const place = places[field] as number;
    if (place >= 0) {
      const size = at - from;
      if (fields.bytes.length < to + size) fields.bytes = enlarged(fields.bytes, to + size);
      const kept = fields.bytes;
      starts[place] = to;
      for (let next = from; next < at; next++) kept[to++] = bytes[next] as number;
      ends[place] = to;
    }
    at++;
  }
}

function enlarged(bytes: Uint8Array, size: number): Uint8Array {
  const larger = grown(bytes, size);
  larger.set(bytes);
  return larger;
}

/** Undefined when a text is not UTF-8, since it could not be sent back to the server. */
function bookmarkOf(names: readonly string[], { bytes, starts, ends }: KeyFields): Bookmark | undefined {
  const fields = names.map((_, place) => bytes.subarray(starts[place], ends[place]));
  if (!fields.every((field) => isUtf8(field))) return undefined;
  const values = fields.map((field) => unescaped(Buffer.from(field).toString()));
  return { after: Object.fromEntries(names.map((name, place) => [name, values[place] ?? null])) };
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A field of COPY text without its escapes; null for NULL. */
function unescaped(field: string): string | null {
  return field === '\\N' ? null : field.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}
