import { invalidAnswer } from 'c8connector-sql';
import type { MysqlConfig } from '../config.ts';
import { eventSource } from './event-source.ts';
import type { Place } from './position.ts';
import { randomServerId } from './server-id.ts';
import { dumpError } from './start-dump.ts';

/**
 * When the server created the file of this place, in seconds since 1970: asked with a short dump, which also proves that the user may read the log.
 *
 * @throws {ConnectionError} `access_denied` when the user may not read it.
 */
export async function fileCreated(config: MysqlConfig, from: Place, signal: AbortSignal): Promise<number> {
  const serverId = randomServerId();
  try {
    await using source = await eventSource(config, { from, serverId, isBrief: true }, signal);
    while (!source.isOver()) {
      signal.throwIfAborted();
      const next = source.next();
      if (next?.event.kind === 'format') return next.event.time;
      if (next === undefined) await source.wait(signal);
    }
  } catch (error) {
    throw dumpError(error, serverId) ?? error;
  }
  throw invalidAnswer(`the file ${from.file} of its log has no description`);
}
