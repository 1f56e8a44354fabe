import { isDeepStrictEqual } from 'node:util';
import type { ConfigDeclaration } from '../config/property.ts';
import { ConnectorError } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Partition, SessionPartitions } from '../interface/progress.ts';
import type { Stream } from '../interface/stream.ts';
import { plainValue } from '../jsonl/plain-value.ts';
import type { Opened } from './read-unit.ts';
import type { SelectedStream } from './selection.ts';

/** The parts in which a stream is copied, as its author returns them; [] for one piece. Throws a ConnectorError `contract_broken` when rows could be in none of them, or in two. */
export async function partitionsOf<P extends ConfigDeclaration, S extends Stream, R>(
  { definition, config, resource }: Opened<P, S, R>,
  { stream, schema }: SelectedStream<S>,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Log },
): Promise<readonly Partition[] | SessionPartitions> {
  const planned = (await definition.partitions?.(stream, { config, resource, schema, signal, log })) ?? [];
  const { session, partitions: given } = 'session' in planned ? planned : { partitions: planned };
  const parts = given.map(({ from, to }) => ({ from: plainValue(from), to: plainValue(to) }));
  const gap = parts.findIndex(({ from }, index) => !isDeepStrictEqual(from, index === 0 ? null : parts[index - 1]?.to));
  const isOpen = parts.slice(0, -1).some(({ to }) => to === null);
  if (gap < 0 && !isOpen && (parts.at(-1)?.to ?? null) === null)
    return session === undefined ? parts : { session, partitions: parts };
  throw new ConnectorError(
    `stream '${stream.id}': its partitions do not cover the whole range without gaps or overlaps, from one open end to the other`,
    { code: 'contract_broken', details: { stream: stream.id } },
  );
}
