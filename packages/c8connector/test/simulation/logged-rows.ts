import type { Row } from '../../src/index.ts';
import type { ReadablePlace, StoredRow } from './place.ts';

/** By id: what a reader sees of a stream whose changes come from a log. Of a version, when given; else of the active one and those above it. */
export function loggedRows(place: ReadablePlace, stream: string, version?: number): ReadonlyMap<number, Row> {
  const active = place.activeVersion(stream);
  const counted = place
    .rowsOf(stream)
    .filter((row) => (version === undefined ? row.version >= active : row.version === version));
  const shown = new Map<number, Row>();
  for (const { id, row } of inSequence(counted)) {
    if (row._sdc_deleted_at !== null) shown.delete(id);
    // What an update does not have is as it was.
    else shown.set(id, { ...shown.get(id), ...row });
  }
  return shown;
}

/** Rows in the order of their operations. */
export function inSequence(rows: readonly StoredRow[]): readonly StoredRow[] {
  return rows.toSorted((one, other) => Number(sequenceOf(one) - sequenceOf(other)));
}

/** The place of a row among all operations of its stream. */
export function sequenceOf({ row }: StoredRow): bigint {
  return BigInt(String(row._sdc_sequence));
}

/** The number of the change that the row is; 0 for a row of a copy. */
export function changeOf({ row }: StoredRow): number {
  return Number(row._sdc_lsn ?? 0);
}
