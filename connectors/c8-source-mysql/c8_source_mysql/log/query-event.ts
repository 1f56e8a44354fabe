import { inflated } from './compressed.ts';
import { EventBytes } from './event-bytes.ts';
import type { RawEvent } from './event-header.ts';
import type { EventKind } from './events.ts';
import { contentOf } from './file-events.ts';

/** The parts of a LOAD DATA that come after the fixed part of a query: a file, a range of the text, and what happens to duplicates. */
const loadSize = 13;

/** The statuses before the mode of SQL, and the mode itself: a number, and 4 or 8 bytes. */
const flagsStatus = 0;
const modeStatus = 1;

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
  const sqlMode = readMode(new EventBytes(content.take(statusSize)));
  const database = content.text(databaseSize);
  content.skip(1);
  const text = isCompressed ? inflated(content) : content.take(content.rest);
  return { kind: 'query', database, text: Buffer.from(text.buffer, text.byteOffset, text.length).toString(), sqlMode };
}

function readMode(statuses: EventBytes): number | undefined {
  while (statuses.rest > 0) {
    const status = statuses.u8();
    if (status === modeStatus) return Number(statuses.u64());
    if (status !== flagsStatus) return undefined;
    statuses.skip(4);
  }
  return undefined;
}
