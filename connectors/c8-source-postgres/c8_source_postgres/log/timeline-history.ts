import type { Client } from 'pg';
import { lsnOf } from './server-log.ts';

/** Where each timeline before this one ended. The client must be a replication connection; rejects with errors of pg. */
export async function timelineForks(client: Client, timeline: number): Promise<ReadonlyMap<number, bigint>> {
  const { rows } = await client.query<{ content: Buffer | string }>(`TIMELINE_HISTORY ${timeline}`);
  return readTimelineHistory(String(rows[0]?.content ?? ''));
}

/** Reads a history file: one line for each earlier timeline, with its number and where it ended. */
export function readTimelineHistory(text: string): ReadonlyMap<number, bigint> {
  const forks = new Map<number, bigint>();
  for (const line of text.split('\n')) {
    const [timeline = '', end] = line.trim().split(/\s+/);
    const fork = lsnOf(end);
    if (/^\d+$/.test(timeline) && fork !== undefined) forks.set(Number(timeline), fork);
  }
  return forks;
}
