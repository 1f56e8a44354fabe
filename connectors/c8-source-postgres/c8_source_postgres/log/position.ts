import type { Bookmark } from 'c8connector';
import type { FoundPublication, PublishedTables } from './found-publication.ts';

/**
 * How far the log was read: all transactions whose commit record comes before `lsn`, a byte position, and of the one whose record begins there this many changes. The server,
 * its timeline and the publication identify the log.
 */
export interface Position {
  readonly lsn: bigint;
  /** Changes of the transaction at `lsn`, of all tables, that were read already. */
  readonly change: number;
  readonly system?: string | undefined;
  readonly timeline?: number | undefined;
  /** The oid of the publication: what was changed before another one of its name was made is not in the log. */
  readonly publication?: string | undefined;
  /** The transaction that altered the publication last: what was changed before may not be in the log. */
  readonly altered?: string | undefined;
  /** The oid of the table: another one may have got its name. */
  readonly table?: string | undefined;
  /** The oid of its entry in the publication: what was changed while it was not in it is not in the log. A publication of all tables, or of a schema, has no entries. */
  readonly entry?: string | undefined;
}

/** The position that a bookmark holds; undefined when it holds none, as that of another source. */
export function positionOf(bookmark: Bookmark | undefined): Position | undefined {
  const { lsn, change, system, timeline, publication, altered, table, entry } = bookmark ?? {};
  if (!/^\d+$/.test(String(lsn))) return undefined;
  return {
    lsn: BigInt(String(lsn)),
    change: Number(change ?? 0),
    system: typeof system === 'string' ? system : undefined,
    timeline: typeof timeline === 'number' ? timeline : undefined,
    publication: typeof publication === 'string' ? publication : undefined,
    altered: typeof altered === 'string' ? altered : undefined,
    table: typeof table === 'string' ? table : undefined,
    entry: typeof entry === 'string' ? entry : undefined,
  };
}

/** The bookmark of a position, as plain JSON; `lsn` is a number where a double holds it. */
export function bookmarkOf({ lsn, change, system, timeline, publication, altered, table, entry }: Position): Bookmark {
  return {
    lsn,
    ...(change > 0 && { change }),
    ...(system !== undefined && { system }),
    ...(timeline !== undefined && { timeline }),
    ...(publication !== undefined && { publication }),
    ...(altered !== undefined && { altered }),
    ...(table !== undefined && { table }),
    ...(entry !== undefined && { entry }),
  } as unknown as Bookmark;
}

/** The members of a position that identify the publication. */
export function publicationMarks(found: FoundPublication | undefined): Pick<Position, 'publication' | 'altered'> {
  return { publication: found?.oid, altered: found?.altered };
}

/** The members of a position that identify a table. */
export function tableMarks(oid: string, published: PublishedTables): Pick<Position, 'table' | 'entry'> {
  return { table: oid, entry: published.get(oid)?.entry ?? undefined };
}

/** Whether one position is after another. */
export function isBehind(one: Position, other: Position): boolean {
  return one.lsn > other.lsn || (one.lsn === other.lsn && one.change > other.change);
}

/** The lowest byte position, from which on the server must still have its log; undefined when there is none. A partly read transaction is sent again as a whole. */
export function leastLsn(positions: Iterable<Position>): bigint | undefined {
  let least: bigint | undefined;
  for (const { lsn } of positions) if (least === undefined || lsn < least) least = lsn;
  return least;
}

/** A position in PostgreSQL's form: `16/B374D848`. */
export function lsnText(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffffffffn).toString(16).toUpperCase()}`;
}
