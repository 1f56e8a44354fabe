/** The JSON members that end each row of one transaction. */
export interface RowEndings {
  readonly changed: Uint8Array;
  readonly deleted: Uint8Array;
}

/** The last members of each row of a transaction. The time is that of the commit, in microseconds since 1970, so a second read returns the same bytes. */
export function rowEndingsOf(committedAt: bigint): RowEndings {
  const ending = (deletedAt: string): Uint8Array => new TextEncoder().encode(`"_sdc_deleted_at":${deletedAt}}\n`);
  return { changed: ending('null'), deleted: ending(`"${timeText(committedAt)}"`) };
}

/** Microseconds since 1970 as ISO 8601. */
function timeText(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const fraction = String(microseconds % 1_000_000n).padStart(6, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}+00:00`;
}
