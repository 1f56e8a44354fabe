import type { Unit } from '../interface/progress.ts';
import type { UnitStreamSummary } from './summaries.ts';

/** Counts by stream of what one unit does. When an attempt fails, rows that were read and are not durable are subtracted, since the next attempt reads them again. */
export interface UnitCount {
  read(stream: string, rows: number, bytes: number): void;
  reject(stream: string): void;
  /** Counts rows as durable, by stream, together with those that were rejected. */
  save(rows: ReadonlyMap<string, number>): void;
  /** Subtracts what is not durable, and returns the streams whose counts changed. */
  undo(): readonly string[];
  /** The counts of one stream of the unit. */
  of(stream: string): UnitStreamSummary;
  /** The counts of all its streams. To be called at its end. */
  all(): readonly UnitStreamSummary[];
}

type Counted = { -readonly [K in keyof UnitStreamSummary]: UnitStreamSummary[K] };

export function countUnit(unit: Unit): UnitCount {
  const counted = new Map(unit.streams.map((stream) => [stream, nothingOf(stream)]));
  // For a single stream, the time of opening and closing is its own too.
  const [only] = counted.size === 1 && isRead(unit) ? counted.values() : [];
  if (only !== undefined) touch(only);
  /** What was read of each stream and is not durable. */
  const pending = new Map<string, { rows: number; bytes: number }>();
  /** Rows rejected since the last FLUSH: the target acknowledges them with the others. */
  const rejected = new Map<string, number>();

  return {
    read(stream, rows, bytes) {
      const one = counted.get(stream);
      if (one === undefined) return;
      touch(one);
      one.read += rows;
      one.bytes += bytes;
      const before = pending.get(stream) ?? { rows: 0, bytes: 0 };
      pending.set(stream, { rows: before.rows + rows, bytes: before.bytes + bytes });
    },
    reject(stream) {
      const one = counted.get(stream);
      if (one === undefined) return;
      one.rejected += 1;
      rejected.set(stream, (rejected.get(stream) ?? 0) + 1);
    },
    save(rows) {
      for (const [stream, added] of rows) {
        const one = counted.get(stream);
        if (one === undefined) continue;
        touch(one);
        one.written += added - (rejected.get(stream) ?? 0);
        // Some rows were read ahead, and come after the FLUSH.
        const open = pending.get(stream);
        if (open !== undefined) keepPending(pending, stream, open, Math.max(0, open.rows - added));
      }
      rejected.clear();
    },
    undo() {
      for (const [stream, { rows, bytes }] of pending) {
        const one = counted.get(stream);
        if (one === undefined) continue;
        one.read -= rows;
        one.bytes -= bytes;
        one.rejected -= rejected.get(stream) ?? 0;
      }
      const undone = [...pending.keys()];
      pending.clear();
      rejected.clear();
      return undone;
    },
    of: (stream) => ({ ...(counted.get(stream) ?? nothingOf(stream)) }),
    all() {
      if (only !== undefined) touch(only);
      return [...counted.values()];
    },
  };
}

/** Whether the unit reads and writes rows. */
export function isRead({ kind }: Unit): boolean {
  return kind !== 'begin' && kind !== 'seal';
}

function touch(one: Counted): void {
  one.startedAt ??= new Date().toISOString();
  one.durationMs = Math.max(0, Date.now() - Date.parse(one.startedAt));
}

function nothingOf(stream: string): Counted {
  return { stream, read: 0, written: 0, rejected: 0, bytes: 0, durationMs: 0 };
}

function keepPending(
  pending: Map<string, { rows: number; bytes: number }>,
  stream: string,
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
  left: number,
): void {
  if (left === 0) pending.delete(stream);
  else pending.set(stream, { rows: left, bytes: Math.round((bytes * left) / rows) });
}
