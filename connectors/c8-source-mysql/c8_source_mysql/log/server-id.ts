import { createHash, randomInt } from 'node:crypto';
import type { MysqlConfig } from '../config.ts';

/** The range of derived numbers: replicas rarely have such ones. */
const lowest = 1_000_000_001;
const highest = 4_294_967_295;

/** The number by which the server distinguishes this reader: that of the config, or one derived from the id of the connection. A Singer program knows no connection, so its number is random. */
export function serverIdOf({ server_id }: Pick<MysqlConfig, 'server_id'>, connection: string | undefined): number {
  if (server_id !== undefined) return server_id;
  if (connection === undefined) return randomServerId();
  const hash = createHash('sha256').update(connection).digest().readUInt32BE(0);
  return lowest + (hash % (highest - lowest + 1));
}

/** A number for a short look at the log, which must not end another reader. */
export function randomServerId(): number {
  return randomInt(lowest, highest + 1);
}
