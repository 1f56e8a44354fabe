import type { Bookmark } from 'c8connector';

/**
 * How far the log was read: all transactions that begin before `pos` in `file`, and of the one that begins there this many changes. The server, and the time at which it created the
 * file, identify the log.
 */
export interface Position {
  readonly file: string;
  readonly pos: number;
  /** Rows events of the transaction that begins here, of all tables, that were read already. */
  readonly change: number;
  /** The GTIDs of all transactions that were read completely: a set on MySQL, the last of each domain on MariaDB. Undefined where the server has none. */
  readonly gtid?: string | undefined;
  readonly server?: string | undefined;
  /** When the server created the file, in seconds since 1970: after RESET MASTER another file has the same name. */
  readonly created?: number | undefined;
  /** A hash of the names and types of the columns of the table, for a log that does not name its columns. */
  readonly layout?: string | undefined;
  readonly prepared?: readonly Prepared[] | undefined;
}

/** An XA transaction that was prepared before a position, and not yet decided: if it is committed, its rows are read again from here. */
export interface Prepared {
  readonly xid: string;
  readonly file: string;
  readonly pos: number;
  /** The GTIDs before it. */
  readonly gtid?: string;
}

/** The position that a bookmark holds; undefined when it holds none, as that of another source. */
export function positionOf(bookmark: Bookmark | undefined): Position | undefined {
  const { log_file, log_pos, change, gtid, server, created, layout, prepared } = bookmark ?? {};
  if (typeof log_file !== 'string' || !/\.\d+$/.test(log_file) || typeof log_pos !== 'number') return undefined;
  return {
    file: log_file,
    pos: log_pos,
    change: typeof change === 'number' ? change : 0,
    gtid: typeof gtid === 'string' ? gtid : undefined,
    server: typeof server === 'string' ? server : undefined,
    created: typeof created === 'number' ? created : undefined,
    layout: typeof layout === 'string' ? layout : undefined,
    ...(Array.isArray(prepared) && { prepared: prepared as unknown as readonly Prepared[] }),
  };
}

/** The bookmark of a position, as plain JSON. */
export function bookmarkOf({ file, pos, change, gtid, server, created, layout, prepared }: Position): Bookmark {
  return {
    log_file: file,
    log_pos: pos,
    ...(change > 0 && { change }),
    ...(gtid !== undefined && { gtid }),
    ...(server !== undefined && { server }),
    ...(created !== undefined && { created }),
    ...(layout !== undefined && { layout }),
    ...(prepared !== undefined && prepared.length > 0 && { prepared: prepared.map((each) => ({ ...each })) }),
  };
}

/** Where the events of a file begin. */
export const firstPosition = 4;

/** A place in the log. */
export type Place = Pick<Position, 'file' | 'pos'>;

/** The difference of two places, for sorting: a negative number if `one` comes first. */
export function comparePlaces(one: Place, other: Place): number {
  return numberOf(one.file) - numberOf(other.file) || one.pos - other.pos;
}

/** The number of a file, which has six digits or more: `mysql-bin.000012`. */
function numberOf(file: string): number {
  return Number(file.slice(file.lastIndexOf('.') + 1));
}

/** Whether one position on a server is after another. */
export function isBehind(one: Position, other: Position): boolean {
  return (comparePlaces(one, other) || one.change - other.change) > 0;
}

/** A position as the server writes it. */
export function placeText({ file, pos }: Place): string {
  return `${file}:${pos}`;
}
