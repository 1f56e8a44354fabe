import type { Slot } from 'c8connector';
import type { PostgresConfig } from '../config.ts';
import type { FoundSlot } from './found-slot.ts';
import { quoted } from './names.ts';
import { lsnText } from './position.ts';

/** The position of a slot, and how much of the log the server keeps for it. */
export function slotDetails({ server, slot }: FoundSlot): Slot['details'] {
  const { confirmed, retained, lostBecause } = slot;
  // After a restore the log may end before the slot.
  const lag = confirmed === undefined || confirmed > server.end ? undefined : server.end - confirmed;
  return [
    { label: 'database', value: slot.database },
    { label: 'position', value: confirmed === undefined ? 'none yet' : lsnText(confirmed) },
    { label: 'end of the log', value: lsnText(server.end) },
    ...(lag === undefined ? [] : [{ label: 'not read yet', value: sizeText(lag) }]),
    { label: 'retained WAL', value: retained === undefined ? 'none' : sizeText(retained) },
    ...(lostBecause === undefined ? [] : [{ label: 'invalidated', value: `by the server (${lostBecause})` }]),
  ];
}

/** The effects of dropping a slot. */
export function slotEffects(
  { names, publication }: FoundSlot,
  { on_lost_position }: Pick<PostgresConfig, 'on_lost_position'>,
): readonly string[] {
  const named = quoted(names.publication);
  const ofPublication = {
    none: [],
    dropped: [`The publication ${names.publication}, which the source created, is dropped with it.`],
    kept: [
      `The publication ${names.publication} stays. If no other slot is read with it, DROP PUBLICATION ${named} removes it.`,
    ],
  };
  const nextRun =
    on_lost_position === 'resync'
      ? 'The next run of the connection creates a new slot and copies the tables again, since on_lost_position is resync.'
      : 'The next run of the connection fails with log_position_lost; with --full-refresh it creates a new slot and copies the tables again.';
  return ['Dropping it lets the server remove that WAL.', ...ofPublication[publication], nextRun];
}

function sizeText(bytes: bigint): string {
  if (bytes < 1024n ** 2n) return `${(bytes / 1024n).toLocaleString('en')} kB`;
  return `${(bytes / 1024n ** 2n).toLocaleString('en')} MB`;
}
