import type { Client } from 'pg';
import { lsnOf } from './server-log.ts';

/** Where the server left each timeline before this one. Asks by the protocol of replication; errors are those of pg. */
export async function timelineForks(client: Client, timeline: number): Promise<ReadonlyMap<number, bigint>> {
  const { rows } = await client.query<{ content: Buffer | string }>(`TIMELINE_HISTORY ${timeline}`);
  return readTimelineHistory(String(rows[0]?.content ?? ''));
}

/** Reads a history file: a line for each timeline before, with its number and where it was left. */
export function readTimelineHistory(text: string): ReadonlyMap<number, bigint> {
  const forks = new Map<number, bigint>();
  for (const line of text.split('\n')) {
    const [timeline = '', place] = line.trim().split(/\s+/);
    const fork = lsnOf(place);
    if (/^\d+$/.test(timeline) && fork !== undefined) forks.set(Number(timeline), fork);
  }
  return forks;
}
