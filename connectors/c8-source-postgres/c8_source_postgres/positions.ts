import type { Bookmark, Page } from 'c8connector';
import type { RowEncoder } from './copy-row.ts';

const tab = 0x09;
const lineBreak = 0x0a;
const backslash = 0x5c;

/** Where the columns of a key stand in a row, and their values in the last row. */
interface KeyFields {
  readonly names: readonly string[];
  /** By the field of the row: its place among the names, -1 for the others. */
  readonly places: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Of fields with an escape, which the encoder may undo in place: their text, `null` for NULL. */
  readonly texts: (string | null | undefined)[];
  bytes: Uint8Array;
}

/**
 * An encoder whose pages have a bookmark: `{ after: { column: text } }`, the key of their last row in the server's own text, `null` for NULL. `columns` are those of the rows. A page that
 * a large row cut off has none.
 */
export function withPositions(
  encoder: RowEncoder<Page>,
  columns: readonly string[],
  key: readonly string[],
): RowEncoder<Page> {
  const fields = keyFields(columns, key);
  const pages: Page[] = [];
  let rows = 0;
  let handedOn = 0;

  function take(page: Page): Page {
    handedOn += 'count' in page ? page.count : page.rows.length;
    // A large row ends the page of those before it; the position is that of the large one by now.
    const bookmark = handedOn === rows ? bookmarkOf(fields) : undefined;
    return bookmark === undefined ? page : { ...page, bookmark };
  }

  return {
    add(bytes, start, end) {
      findFields(fields, bytes, start, end);
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

function keyFields(columns: readonly string[], names: readonly string[]): KeyFields {
  const last = Math.max(...names.map((name) => columns.indexOf(name)));
  return {
    names,
    places: Int32Array.from(columns.slice(0, last + 1), (name) => names.indexOf(name)),
    starts: new Int32Array(names.length),
    ends: new Int32Array(names.length),
    texts: [],
    bytes: new Uint8Array(0),
  };
}

/** Called for each row: nothing is made unless a field has an escape. */
function findFields(fields: KeyFields, bytes: Uint8Array, start: number, end: number): void {
  const { places, starts, ends, texts } = fields;
  fields.bytes = bytes;
  let at = start;
  for (let field = 0; field < places.length; field++) {
    const from = at;
    let hasEscape = false;
    let byte = bytes[at] as number;
    while (byte !== tab && byte !== lineBreak && at < end) {
      if (byte === backslash) hasEscape = true;
      byte = bytes[++at] as number;
    }
    const place = places[field] as number;
    if (place >= 0) {
      starts[place] = from;
      ends[place] = at;
      texts[place] = hasEscape ? unescaped(textOf(bytes, from, at)) : undefined;
    }
    at++;
  }
}

/** The position of the last row; undefined when a text of it is not UTF-8, and could not be sent back. */
function bookmarkOf({ names, starts, ends, texts, bytes }: KeyFields): Bookmark | undefined {
  const values = names.map((_, place) => {
    const text = texts[place];
    return text === undefined ? textOf(bytes, starts[place] as number, ends[place] as number) : text;
  });
  if (values.some((text) => text?.includes('\ufffd'))) return undefined;
  return { after: Object.fromEntries(names.map((name, place) => [name, values[place]])) };
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A field of COPY text with escapes; null for NULL. */
function unescaped(field: string): string | null {
  return field === '\\N' ? null : field.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}
