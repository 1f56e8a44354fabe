import { parseGtids } from './parse-gtids.ts';
import { comparePlaces, isBehind, type Place, type Position } from './position.ts';
import type { ServerLog } from './server-log.ts';

/** Where a transaction begins. */
export interface TransactionStart extends Place {
  readonly gtid: string | undefined;
}

/** The position up to which the log was read, for each stream. */
export interface StreamPositions {
  /** How many changes of the transaction that begins here the stream already has: all of them (infinity), some, or none. */
  changesRead(stream: string, begin: TransactionStart): number;
  /** Records that all streams were read up to `position`. Returns those whose position was before it. */
  advance(position: Position): readonly string[];
}

/** How positions are compared: by their place in the log, or by GTIDs, whose transactions may have other places on another server. */
export type Order = 'places' | 'gtids';

/** The positions of the streams, which begin at `positions`, by stream. */
export function streamPositions(
  positions: ReadonlyMap<string, Position>,
  order: Order,
  { flavour, identity }: Pick<ServerLog, 'flavour' | 'identity'>,
): StreamPositions {
  const reached = new Map(positions);
  const gtidsOf = (position: Position) => parseGtids(position.gtid ?? '', flavour);
  const initial = new Map(
    [...positions].map(([stream, position]) => [stream, order === 'gtids' ? gtidsOf(position) : undefined]),
  );
  /** The position of the last call of `advance`, which all streams share that had reached it. */
  let last: Position | undefined;

  const isHere = ({ server }: Position) => server === undefined || server === identity;

  function isAfter(position: Position, own: Position): boolean {
    if (order === 'places') return isBehind(position, own);
    // On the same server a transaction that was read in part has its place; on another one it is read from its beginning.
    if (own.change > 0 && isHere(own) && !isBehind(position, own)) return false;
    return gtidsOf(position)?.includes(own.gtid ?? '') === true;
  }

  return {
    changesRead(stream, begin) {
      const own = positions.get(stream);
      if (own === undefined) return Number.POSITIVE_INFINITY;
      const place = comparePlaces(own, begin);
      const part = place === 0 && isHere(own) ? own.change : 0;
      if (order === 'places') return place > 0 ? Number.POSITIVE_INFINITY : part;
      return begin.gtid !== undefined && initial.get(stream)?.has(begin.gtid) === true
        ? Number.POSITIVE_INFINITY
        : part;
    },
    advance(position) {
      const moved = [...reached].filter(([, own]) => own === last || isAfter(position, own)).map(([stream]) => stream);
      if (last !== undefined && !isMoved(position, last)) return [];
      for (const stream of moved) reached.set(stream, position);
      last = position;
      return moved;
    },
  };
}

function isMoved(one: Position, other: Position): boolean {
  return one.file !== other.file || one.pos !== other.pos || one.change !== other.change || one.gtid !== other.gtid;
}
