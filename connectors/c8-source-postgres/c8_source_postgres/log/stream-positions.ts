import { isBehind, type Position } from './position.ts';

/** The position up to which the log was read, for each stream. */
export interface StreamPositions {
  /** How many changes of the transaction that commits at `lsn` the stream already has: all of them (infinity), some, or none. */
  changesRead(stream: string, lsn: bigint): number;
  /** Records that all streams were read up to `position`. Returns those whose position was before it. */
  advance(position: Position): readonly string[];
}

/** Makes it from the initial positions, by stream. */
export function streamPositions(positions: ReadonlyMap<string, Position>): StreamPositions {
  const reached = new Map(positions);
  return {
    changesRead(stream, lsn) {
      const own = reached.get(stream);
      if (own === undefined || own.lsn < lsn) return 0;
      return own.lsn > lsn ? Number.POSITIVE_INFINITY : own.change;
    },
    advance(position) {
      const moved = [...reached].filter(([, own]) => isBehind(position, own)).map(([stream]) => stream);
      for (const stream of moved) reached.set(stream, position);
      return moved;
    },
  };
}
