import type { Tails } from './log-table.ts';
import type { Begin } from './pgoutput.ts';

/** The members that all rows of a transaction end with. The time is that of its commit, so that a second read gives the same bytes. */
export function tailsOf({ lsn, committedAt }: Begin): Tails {
  const tail = (deletedAt: string): Uint8Array =>
    new TextEncoder().encode(`"_sdc_deleted_at":${deletedAt},"_sdc_lsn":${lsn}}\n`);
  return { changed: tail('null'), deleted: tail(`"${timeText(committedAt)}"`) };
}

/** Microseconds since 1970 as ISO 8601. */
function timeText(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const fraction = String(microseconds % 1_000_000n).padStart(6, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}+00:00`;
}
