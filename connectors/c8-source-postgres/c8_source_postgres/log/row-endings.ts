import type { RowEndings } from './log-table.ts';
import type { Begin } from './pgoutput.ts';

/** The last members of each row of a transaction. The time is that of the commit, so a second read returns the same bytes. */
export function rowEndingsOf({ lsn, committedAt }: Begin): RowEndings {
  const ending = (deletedAt: string): Uint8Array =>
    new TextEncoder().encode(`"_sdc_deleted_at":${deletedAt},"_sdc_lsn":${lsn}}\n`);
  return { changed: ending('null'), deleted: ending(`"${timeText(committedAt)}"`) };
}

/** Microseconds since 1970 as ISO 8601. */
function timeText(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const fraction = String(microseconds % 1_000_000n).padStart(6, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}+00:00`;
}
