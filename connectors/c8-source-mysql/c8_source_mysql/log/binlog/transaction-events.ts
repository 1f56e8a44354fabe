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

/** The version of the form of a tagged GTID, and the numbers of its fields that come first, in their order. */
const taggedVersion = 1n;
const flagsField = 0n;
const serverField = 1n;
const numberField = 2n;
const tagField = 3n;
const lastCommittedField = 4n;
const sequenceField = 5n;
const committedField = 6n;

/** A GTID with a tag, such as `3e11fa47-71ca-11e1-9e33-c80aa9429562:nightly:23`: fields with their numbers, and all numbers of variable size. */
export function readTaggedGtid(raw: RawEvent): EventKind<'gtid'> {
  const content = contentOf(raw);
  const version = content.variable();
  if (version !== taggedVersion) throw new RangeError(`the form ${version} of a GTID is unknown`);
  content.variable();
  content.variable();
  let [uuid, number, tag] = ['', '', ''];
  let committedAt: bigint | undefined;
  while (content.rest > 0 && committedAt === undefined) {
    const field = content.variable();
    if (field === serverField) uuid = uuidText(Uint8Array.from({ length: uuidSize }, () => Number(content.variable())));
    // A number that could be negative has its sign as the lowest bit.
    else if (field === numberField) number = String(content.variable() >> 1n);
    else if (field === tagField) tag = content.text(Number(content.variable()));
    else if (field === committedField) committedAt = content.variable();
    else if (field === flagsField || field === lastCommittedField || field === sequenceField) content.variable();
    else throw new RangeError(`the field ${field} of a GTID is unknown`);
  }
  if (uuid === '' || number === '') throw new RangeError('a GTID has no server or no number');
  const gtid = tag === '' ? `${uuid}:${number}` : `${uuid}:${tag}:${number}`;
  return { kind: 'gtid', gtid, isStandalone: false, committedAt, xa: undefined };
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
