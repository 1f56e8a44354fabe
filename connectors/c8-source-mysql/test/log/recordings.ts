import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '../harness.ts';
import type { ChangedTable, Changes } from './changed-tables.ts';

/** What a server logged, and what its tables had, so that the decoder is tested where no server is installed. */
export interface Recording extends Changes {
  readonly server: ServerName;
  /** The events that are not about rows, in their order. */
  readonly events: readonly unknown[];
}

/** The names of the recordings. */
export const recordings = ['mariadb', 'mariadb-compressed', 'mysql', 'mysql-compressed'] as const;
export type RecordingName = (typeof recordings)[number];

function pathOf(name: RecordingName): string {
  return fileURLToPath(new URL(`./recordings/${name}.jsonl`, import.meta.url));
}

/** One line for each packet, table and event. */
export function saveRecording(name: RecordingName, { server, packets, tables, events }: Recording): void {
  const lines = [
    { server },
    ...tables.map((table) => ({ table })),
    ...events.map((event) => ({ event })),
    ...packets.map((packet) => ({ packet: Buffer.from(packet).toString('base64') })),
  ];
  writeFileSync(pathOf(name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

type Line = Partial<{ server: ServerName; table: ChangedTable; event: unknown; packet: string }>;

export function loadRecording(name: RecordingName): Recording {
  const lines = readFileSync(pathOf(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));
  return {
    server: lines[0]?.server ?? 'MySQL',
    tables: lines.flatMap(({ table }) => (table === undefined ? [] : [table])),
    events: lines.flatMap(({ event }) => (event === undefined ? [] : [event])),
    packets: lines.flatMap(({ packet }) => (packet === undefined ? [] : [Buffer.from(packet, 'base64')])),
  };
}
