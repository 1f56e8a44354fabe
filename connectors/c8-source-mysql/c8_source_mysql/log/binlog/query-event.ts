import { charsetDecoder } from './charset.ts';
import { charsetOfCollation } from './collations.ts';
import { inflated } from './compressed.ts';
import { EventBytes } from './event-bytes.ts';
import type { RawEvent } from './event-header.ts';
import type { EventKind } from './events.ts';
import { contentOf } from './file-events.ts';

/** The parts of a LOAD DATA that come after the fixed part of a query: a file, a range of the text, and what happens to duplicates. */
const loadSize = 13;

const modeStatus = 1;
const charsetStatus = 4;
const databasesStatus = 12;
/** Bytes of the other statuses before that of the databases: flags, increment, languages, tables of an update, and a size. */
const statusSizes: Readonly<Record<number, number>> = { 0: 4, 3: 4, 7: 2, 8: 2, 9: 8, 10: 4 };
/** Statuses that are texts with their lengths: time zone, catalog, and the user and the host of the definer. */
const statusTexts: Readonly<Record<number, number>> = { 5: 1, 6: 1, 11: 2 };
/** Instead of the number of databases, when they are too many to be listed. */
const tooManyDatabases = 254;

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
  const { sqlMode, collation, used } = readStatuses(new EventBytes(content.take(statusSize)));
  const database = content.text(databaseSize);
  content.skip(1);
  const text = isCompressed ? inflated(content) : content.take(content.rest);
  return { kind: 'query', database, text: textOf(text, collation), sqlMode, used };
}

interface Statuses {
  sqlMode: number | undefined;
  /** The collation of the client. */
  collation: number | undefined;
  used: EventKind<'query'>['used'];
}

function readStatuses(statuses: EventBytes): Statuses {
  const found: Statuses = { sqlMode: undefined, collation: undefined, used: undefined };
  while (statuses.rest > 0 && found.used === undefined) {
    const status = statuses.u8();
    const texts = statusTexts[status];
    const size = statusSizes[status];
    if (status === modeStatus) found.sqlMode = Number(statuses.u64());
    else if (status === charsetStatus) {
      found.collation = statuses.u16();
      statuses.skip(4);
    } else if (status === databasesStatus) found.used = readDatabases(statuses);
    else if (texts !== undefined) for (let text = 0; text < texts; text++) statuses.skip(statuses.u8());
    else if (size !== undefined) statuses.skip(size);
    else break;
  }
  return found;
}

function readDatabases(statuses: EventBytes): NonNullable<EventKind<'query'>['used']> {
  const count = statuses.u8();
  if (count === tooManyDatabases) return 'all';
  return Array.from({ length: count }, () => {
    const end = statuses.bytes.indexOf(0, statuses.at);
    const name = statuses.text(end - statuses.at);
    statuses.skip(1);
    return name;
  });
}

function textOf(text: Uint8Array, collation: number | undefined): string {
  const plain = Buffer.from(text.buffer, text.byteOffset, text.length).toString();
  const charset = collation === undefined ? undefined : charsetOfCollation(collation);
  if (charset === undefined || /^(?:utf8|binary)/.test(charset)) return plain;
  // Each transaction has a BEGIN, for which a decoder would take too long.
  const isAscii = plain.length === text.length && !/[^\0-\x7f]/.test(plain);
  return isAscii ? plain : (charsetDecoder(charset)?.(text) ?? plain);
}
