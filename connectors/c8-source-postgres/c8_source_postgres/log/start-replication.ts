import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from 'c8connector';
import type { PostgresConfig } from '../config.ts';
import { CopyBoth } from './copy-both.ts';
import { type LogNames, quoted } from './names.ts';
import type { Plugin } from './plugin.ts';
import { lsnText } from './position.ts';
import { connectForReplication } from './replication-connection.ts';
import { wal2jsonError } from './wal2json/error.ts';
import { wal2jsonOptions } from './wal2json/message.ts';

/** Milliseconds for another session to release the slot, and between two attempts: the server may not have noticed yet that an earlier reader is gone. */
const heldTimeout = 15_000;
const retryDelay = 250;

/** SQLSTATE of a slot that another session reads. */
const inUse = '55006';

/**
 * Begins to read the slot at a position. The connection outlives the signal, so that it can be closed properly.
 *
 * @throws {ConnectionError} `server_busy` when another session holds the slot; other errors are those of pg.
 */
export async function startReplication(
  config: PostgresConfig,
  plugin: Plugin,
  { slot, publication }: LogNames,
  from: bigint,
  signal: AbortSignal,
): Promise<CopyBoth> {
  const name = quoted(publication).replaceAll(`'`, `''`);
  const options = plugin === 'wal2json' ? wal2jsonOptions : `proto_version '1', publication_names '${name}'`;
  const command = `START_REPLICATION SLOT ${quoted(slot)} LOGICAL ${lsnText(from)} (${options})`;
  const endsAt = performance.now() + heldTimeout;
  const beginning = new AbortController();
  const giveUp = () => beginning.abort();
  signal.throwIfAborted();
  signal.addEventListener('abort', giveUp);
  using _ = { [Symbol.dispose]: () => signal.removeEventListener('abort', giveUp) };
  for (;;) {
    const connection = await connectForReplication(config, beginning.signal);
    try {
      return await CopyBoth.open(connection, command);
    } catch (error) {
      const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
      if (code !== inUse) throw wal2jsonError(error);
      if (performance.now() >= endsAt) throw heldError(slot, String(message), error);
    }
    await sleep(retryDelay, undefined, { signal });
  }
}

function heldError(slot: string, message: string, cause: unknown): ConnectionError {
  return new ConnectionError(`Another session is reading the slot ${slot}: ${message}.`, {
    code: 'server_busy',
    isRetryable: true,
    remedy:
      'Stop the other run, or give each connection its own slot with replication_slot; pg_stat_replication shows the readers.',
    cause,
    details: { slot },
  });
}
