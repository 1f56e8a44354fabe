import type { Gtids } from './gtids.ts';

/** Ranges of transaction numbers, the first and the last of each, in order. Between two of them at least one number is missing. */
type Intervals = [first: bigint, last: bigint][];

/** The GTIDs of MySQL: for each source, by its UUID and perhaps a tag, all numbers that were executed. */
export interface GtidSet extends Gtids {
  readonly sources: ReadonlyMap<string, Readonly<Intervals>>;
}

/** Reads `uuid:1-5:7, uuid:tag:1-3`; undefined for a text of another form. */
export function parseGtidSet(text: string): GtidSet | undefined {
  const sources = new Map<string, Intervals>();
  for (const part of text.replace(/\s+/g, '').toLowerCase().split(',')) {
    if (part === '') continue;
    const [uuid = '', ...items] = part.split(':');
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return undefined;
    let source = uuid;
    for (const item of items) {
      const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(item) ?? [];
      if (first !== undefined) add(sources, source, BigInt(first), BigInt(last ?? first));
      else if (/^[a-z_][a-z0-9_]{0,31}$/.test(item)) source = `${uuid}:${item}`;
      else return undefined;
    }
  }
  return gtidSet(sources);
}

/** The GTIDs that are in all of these sets. */
export function commonGtids(sets: readonly GtidSet[]): GtidSet {
  const [first, ...others] = sets;
  let common: ReadonlyMap<string, Readonly<Intervals>> = first?.sources ?? new Map();
  for (const { sources } of others)
    common = new Map([...common].map(([source, own]) => [source, overlap(own, sources.get(source) ?? [])]));
  const found = [...common].filter(([, own]) => own.length > 0);
  return gtidSet(new Map(found.map(([source, own]) => [source, own.map(([from, to]) => [from, to])])));
}

function gtidSet(sources: Map<string, Intervals>): GtidSet {
  let text: string | undefined;
  return {
    sources,
    has(gtid) {
      const [source, number] = parsed(gtid);
      return (sources.get(source) ?? []).some(([first, last]) => first <= number && number <= last);
    },
    add(gtid) {
      const [source, number] = parsed(gtid);
      add(sources, source, number, number);
      text = undefined;
    },
    includes(other) {
      const found = parseGtidSet(other);
      return found !== undefined && [...found.sources].every(([source, own]) => covers(sources.get(source) ?? [], own));
    },
    text() {
      text ??= [...sources].map(sourceText).join(',');
      return text;
    },
  };
}

function parsed(gtid: string): readonly [source: string, number: bigint] {
  const colon = gtid.lastIndexOf(':');
  return [gtid.slice(0, colon).toLowerCase(), BigInt(gtid.slice(colon + 1))];
}

function add(sources: Map<string, Intervals>, source: string, first: bigint, last: bigint): void {
  const own = sources.get(source);
  if (own === undefined) {
    sources.set(source, [[first, last]]);
    return;
  }
  const end = own.at(-1);
  // Nearly all transactions follow the one before.
  if (end !== undefined && first === end[1] + 1n) end[1] = last;
  else sources.set(source, merged([...own, [first, last]]));
}

function merged(intervals: Intervals): Intervals {
  const all: Intervals = [];
  for (const [first, last] of intervals.toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const before = all.at(-1);
    if (before === undefined || first > before[1] + 1n) all.push([first, last]);
    else if (last > before[1]) before[1] = last;
  }
  return all;
}

function covers(all: Readonly<Intervals>, some: Readonly<Intervals>): boolean {
  return some.every(([first, last]) => all.some(([from, to]) => from <= first && last <= to));
}

function overlap(one: Readonly<Intervals>, other: Readonly<Intervals>): Intervals {
  return one.flatMap(([first, last]) =>
    other.flatMap(([from, to]): Intervals => {
      let [start, end] = [first, last];
      if (from > start) start = from;
      if (to < end) end = to;
      return start <= end ? [[start, end]] : [];
    }),
  );
}

function sourceText([source, intervals]: readonly [string, Readonly<Intervals>]): string {
  return [source, ...intervals.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))].join(':');
}

const taggedFormat = 1n;

/** A set as COM_BINLOG_DUMP_GTID takes it: the number of sources, and for each one its UUID, perhaps its tag, and its intervals with their exclusive ends. */
export function encodeGtidSet(text: string): Buffer {
  const sources = parseGtidSet(text)?.sources ?? new Map<string, Intervals>();
  const isTagged = [...sources.keys()].some((source) => source.includes(':'));
  const count = BigInt(sources.size);
  const parts = [word(isTagged ? (taggedFormat << 56n) | (count << 8n) | taggedFormat : count)];
  for (const [source, intervals] of sources) {
    const [uuid = '', tag = ''] = source.split(':');
    parts.push(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
    if (isTagged) parts.push(Buffer.from([tag.length << 1]), Buffer.from(tag));
    parts.push(word(BigInt(intervals.length)));
    for (const [first, last] of intervals) parts.push(word(first), word(last + 1n));
  }
  return Buffer.concat(parts);
}

function word(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
