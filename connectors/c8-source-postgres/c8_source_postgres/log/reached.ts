import { isBehind, type Position } from './position.ts';

/** How far the log was read for each stream. */
export interface Reached {
  /** How many changes of the transaction whose commit stands at `lsn` the stream has already: all of them, some, or none. */
  given(stream: string, lsn: bigint): number;
  /** All streams were read up to here. Gives those that were not beyond it already. */
  reach(position: Position): readonly string[];
}

/** From these positions on. */
export function reachedFrom(positions: ReadonlyMap<string, Position>): Reached {
  const reached = new Map(positions);
  return {
    given(stream, lsn) {
      const own = reached.get(stream);
      if (own === undefined || own.lsn < lsn) return 0;
      return own.lsn > lsn ? Number.POSITIVE_INFINITY : own.change;
    },
    reach(position) {
      const moved = [...reached].filter(([, own]) => isBehind(position, own)).map(([stream]) => stream);
      for (const stream of moved) reached.set(stream, position);
      return moved;
    },
  };
}
