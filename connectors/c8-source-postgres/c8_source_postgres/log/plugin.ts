import { ConfigError } from 'c8connector';
import type { PostgresConfig } from '../config.ts';
import type { PostgresStream } from '../discover.ts';
import type { ServerLog, Slot } from './server-log.ts';

/** The output plugin with which the server decodes its log. */
export type Plugin = 'pgoutput' | 'wal2json';

/** The plugin of a slot, or the one with which it will be created. */
export function pluginOf({ plugin }: Pick<PostgresConfig, 'plugin'>, slot: Pick<Slot, 'plugin'> | undefined): Plugin {
  if (slot?.plugin === 'wal2json' || slot?.plugin === 'pgoutput') return slot.plugin;
  return plugin === 'wal2json' ? 'wal2json' : 'pgoutput';
}

/**
 * Refuses what wal2json would write differently from its source: other encodings, special numbers, partitioned tables.
 *
 * @throws {ConfigError} `method_unsupported`, `config_invalid`.
 */
export function refuseWithWal2json(
  { encoding }: Pick<ServerLog, 'encoding'>,
  streams: readonly Pick<PostgresStream, 'id' | 'kind'>[],
  { special_numbers }: Pick<PostgresConfig, 'special_numbers'>,
): void {
  const remedy = 'Use a slot of the plugin pgoutput.';
  if (encoding !== 'UTF8')
    throw new ConfigError(`The database has the encoding ${encoding}, and wal2json does not convert it.`, {
      code: 'method_unsupported',
      remedy,
      details: { property: 'plugin' },
    });
  if (special_numbers !== 'null')
    throw new ConfigError('wal2json writes null for NaN and the infinities.', {
      code: 'config_invalid',
      remedy: 'Set special_numbers to null, or use a slot of the plugin pgoutput.',
      details: { property: 'special_numbers' },
    });
  const partitioned = streams.find(({ kind }) => kind === 'p');
  if (partitioned === undefined) return;
  throw new ConfigError(`wal2json reports the changes of ${partitioned.id} under the names of its partitions.`, {
    code: 'method_unsupported',
    remedy: 'Select its partitions, or use a slot of the plugin pgoutput.',
    details: { stream: partitioned.id },
  });
}
