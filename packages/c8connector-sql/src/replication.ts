import type { ReplicationMethod, Stream } from 'c8connector';

/** How a table can be read, as its source finds out. */
export interface ReadableBy {
  /** The method of the config. */
  readonly preferred: ReplicationMethod;
  /** The columns by which it can be read for INCREMENTAL. */
  readonly keys: readonly string[];
  /** Those of them that only the server can compare: values of other types are compared in their JSON form. */
  readonly ordered: readonly string[];
  /** Why its changes are not in the log; undefined when they are. */
  readonly logObstacle: string | undefined;
}

/** The replication methods of a table or view, the preferred one first, and the reasons against others. */
export function replicationMethods({
  preferred,
  keys,
  ordered,
  logObstacle,
}: ReadableBy): NonNullable<Stream['replication']> {
  const reasons = {
    ...(keys.length === 0 && { INCREMENTAL: 'it has no column whose values can be ordered' }),
    ...(logObstacle !== undefined && { LOG_BASED: logObstacle }),
  };
  const offered: readonly ReplicationMethod[] = [
    'FULL_TABLE',
    ...(keys.length > 0 ? (['INCREMENTAL'] as const) : []),
    ...(logObstacle === undefined ? (['LOG_BASED'] as const) : []),
  ];
  // The others keep their order.
  const methods = [
    ...offered.filter((method) => method === preferred),
    ...offered.filter((method) => method !== preferred),
  ];
  const explained = Object.keys(reasons).length > 0 ? { reasons } : {};
  return keys.length === 0 ? { methods, ...explained } : { methods, keys, isSorted: true, ordered, ...explained };
}
