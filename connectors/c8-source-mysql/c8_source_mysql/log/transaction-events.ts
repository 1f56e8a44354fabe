import type { EventBytes } from './event-bytes.ts';
import type { RawEvent } from './event-header.ts';
import type { EventKind } from './events.ts';
import { contentOf } from './file-events.ts';

const uuidSize = 16;
/** The byte before the two numbers by which MySQL orders transactions. */
const logicalTimes = 2;
/** The bit of the time of the commit here that says that the time at the first server follows. */
const originalFollows = 1n << 55n;

/** A GTID of MySQL such as `3e11fa47-71ca-11e1-9e33-c80aa9429562:23`; an anonymous transaction has none. */
export function readGtid(raw: RawEvent, isAnonymous: boolean): EventKind<'gtid'> {
  const content = contentOf(raw);
  content.skip(1);
  const uuid = uuidText(content.take(uuidSize));
  const number = content.u64();
  let committedAt: bigint | undefined;
  if (content.rest > 0 && content.u8() === logicalTimes) {
    content.skip(16);
    if (content.rest >= 7) committedAt = content.u56() & ~originalFollows;
  }
  return {
    kind: 'gtid',
    gtid: isAnonymous ? undefined : `${uuid}:${number}`,
    isStandalone: false,
    committedAt,
    xa: undefined,
  };
}

/** The numbers of the fields of a tagged GTID. */
const serverField = 1;
const numberField = 2;
const tagField = 3;
const committedField = 6;

/** A GTID with a tag, such as `3e11fa47-71ca-11e1-9e33-c80aa9429562:nightly:23`: fields with their numbers. */
export function readTaggedGtid(raw: RawEvent): EventKind<'gtid'> {
  const content = contentOf(raw);
  void [serverField, numberField, tagField, committedField, content];
  throw new RangeError('not yet');
}

const standaloneFlag = 0x01;
const prepareFlag = 0x40;
const completeFlag = 0x80;

/** A GTID of MariaDB such as `0-1-5`: domain, server and sequence. */
export function readMariaDbGtid(raw: RawEvent): EventKind<'gtid'> {
  const content = contentOf(raw);
  const sequence = content.u64();
  const domain = content.u32();
  const flags = content.u8();
  return {
    kind: 'gtid',
    gtid: `${domain}-${raw.serverId}-${sequence}`,
    isStandalone: (flags & standaloneFlag) !== 0,
    committedAt: undefined,
    xa: (flags & prepareFlag) !== 0 ? 'prepare' : (flags & completeFlag) !== 0 ? 'end' : undefined,
  };
}

/** The rows before it are only prepared. The name is written as the server writes it in `XA COMMIT`. */
export function readXaPrepare(raw: RawEvent): EventKind<'xa_prepare'> {
  const content = contentOf(raw);
  const isOnePhase = content.u8() !== 0;
  const format = content.u32();
  const globalSize = content.u32();
  const branchSize = content.u32();
  const global = hexText(content, globalSize);
  const branch = hexText(content, branchSize);
  return { kind: 'xa_prepare', xid: `${global},${branch},${format}`, isOnePhase };
}

function hexText(content: EventBytes, size: number): string {
  return `X'${Buffer.from(content.take(size)).toString('hex')}'`;
}

function uuidText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
