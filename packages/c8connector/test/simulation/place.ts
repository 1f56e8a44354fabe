import type { RecordsMessage, Row, State } from '../../src/index.ts';

/** A row as a target has stored it. */
export interface StoredRow {
  readonly stream: string;
  readonly version: number;
  readonly epoch: number;
  /** Counts the rows of its unit and epoch. */
  readonly sequence: number;
  readonly id: number;
  readonly value: number;
  /** All of it. */
  readonly row: Row;
}

/** What a reader finds at one place, whatever the target. */
export interface ReadablePlace {
  /** All rows that a reader sees of a stream, of whatever version. */
  rowsOf(stream: string): readonly StoredRow[];
  /** The version that counts; 0 while none was activated. */
  activeVersion(stream: string): number;
  /** What it says is there, and is not. */
  missing(): readonly string[];
}

/** What the unit of a target with `recover` has committed, of one generation. */
export type CommittedState = (unit: string, generation: number) => State | undefined;

/** The rows of a batch as they are stored, counted from `first` on. */
export function storedRows(batch: RecordsMessage, epoch: number, first: number): readonly StoredRow[] {
  return batch.rows().map((row, index) => ({
    stream: batch.stream,
    version: batch.version ?? 0,
    epoch,
    sequence: first + index,
    id: Number(row.id),
    value: Number(row.value),
    row,
  }));
}

/** By id: the rows of a stream that a reader sees, the last operation of each first. A version lower than the active one never counts. */
export function shownRows(
  place: ReadablePlace,
  stream: string,
  version?: number,
): ReadonlyMap<number, readonly StoredRow[]> {
  const active = place.activeVersion(stream);
  const counted = place
    .rowsOf(stream)
    .filter((row) => (version === undefined ? row.version >= active : row.version === version));
  const byId = new Map<number, StoredRow[]>();
  for (const row of counted.toSorted((one, other) => -compareOperations(one, other))) {
    const before = byId.get(row.id);
    if (before === undefined) byId.set(row.id, [row]);
    else before.push(row);
  }
  return byId;
}

function compareOperations(one: StoredRow, other: StoredRow): number {
  return one.version - other.version || one.epoch - other.epoch || one.sequence - other.sequence;
}
