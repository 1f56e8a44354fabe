import { charsetDecoder } from './charset.ts';
import { charsetOfCollation } from './collations.ts';
import { inflated } from './compressed.ts';
import { EventBytes } from './event-bytes.ts';
import type { RawEvent } from './event-header.ts';
import type { EventKind } from './events.ts';
import { contentOf } from './file-events.ts';

/** The parts of a LOAD DATA that come after the fixed part of a query: a file, a range of the text, and what happens to duplicates. */
const loadSize = 13;

/** The statuses up to the character set of the client, in which the text is: a number, and so many bytes. A catalog has its length before it. */
const flagsStatus = 0;
const modeStatus = 1;
const incrementStatus = 3;
const charsetStatus = 4;
const catalogStatus = 6;

/** The text of a statement. */
export function readQuery(
  raw: RawEvent,
  { isCompressed = false, isLoad = false }: { readonly isCompressed?: boolean; readonly isLoad?: boolean } = {},
): EventKind<'query'> {
  const content = contentOf(raw);
  content.skip(8);
  const databaseSize = content.u8();
  content.skip(2);
  const statusSize = content.u16();
  if (isLoad) content.skip(loadSize);
  const { sqlMode, collation } = readStatuses(new EventBytes(content.take(statusSize)));
  const database = content.text(databaseSize);
  content.skip(1);
  const text = isCompressed ? inflated(content) : content.take(content.rest);
  return { kind: 'query', database, text: textOf(text, collation), sqlMode };
}

interface Statuses {
  sqlMode: number | undefined;
  /** The collation of the client. */
  collation: number | undefined;
}

function readStatuses(statuses: EventBytes): Statuses {
  const found: Statuses = { sqlMode: undefined, collation: undefined };
  while (statuses.rest > 0 && found.collation === undefined) {
    const status = statuses.u8();
    if (status === modeStatus) found.sqlMode = Number(statuses.u64());
    else if (status === charsetStatus) found.collation = statuses.u16();
    else if (status === catalogStatus) statuses.skip(statuses.u8());
    else if (status === flagsStatus || status === incrementStatus) statuses.skip(4);
    else break;
  }
  return found;
}

function textOf(text: Uint8Array, collation: number | undefined): string {
  const plain = Buffer.from(text.buffer, text.byteOffset, text.length).toString();
  const charset = collation === undefined ? undefined : charsetOfCollation(collation);
  if (charset === undefined || /^(?:utf8|binary)/.test(charset)) return plain;
  // Each transaction has a BEGIN, for which a decoder would take too long.
  const isAscii = plain.length === text.length && !/[^\0-\x7f]/.test(plain);
  return isAscii ? plain : (charsetDecoder(charset)?.(text) ?? plain);
}
