import { nearest } from '../config/nearest.ts';
import type { CatalogEntry } from '../interface/catalog.ts';
import { ConfigError } from '../interface/errors.ts';
import type { Replication } from '../interface/progress.ts';
import { defaultMethod, type ReplicationMethod, type Stream } from '../interface/stream.ts';
import { hasReplicationKey } from '../replication/methods.ts';
import { invalidCatalog, replicationKey, replicationMethods } from '../singer/selection.ts';

/**
 * How a stream is to be read: as its entry in the catalog says, otherwise as its source prefers. Throws a ConfigError that names the stream and the fix: `method_unsupported` for a method
 * that the source does not offer, `catalog_invalid` for two methods that contradict each other, and for a replication key that is missing, unknown or not offered.
 */
export function chosenReplication(stream: Stream, wanted: CatalogEntry): Replication {
  const method = chosenMethod(stream, wanted);
  return hasReplicationKey(method) ? { method, replicationKey: chosenKey(stream, wanted, method) } : { method };
}

function chosenMethod(stream: Stream, wanted: CatalogEntry): ReplicationMethod {
  const offered = offeredMethods(stream);
  const [first, second] = replicationMethods(wanted).map(({ key, method }) => {
    const found = offered.find((one) => one === method);
    if (found !== undefined) return { key, method: found };
    const reason = reasonFor(stream, method);
    const why = reason === undefined ? '' : `: ${reason}`;
    const message = `stream '${stream.id}': ${key} ${JSON.stringify(method)} is not supported${why}; use ${offered.join(' or ')}`;
    throw new ConfigError(message, { code: 'method_unsupported', details: { stream: stream.id } });
  });
  if (first !== undefined && second !== undefined && first.method !== second.method) {
    const both = `${first.key} is ${first.method}, but ${second.key} is ${second.method}`;
    throw invalidCatalog(wanted, `${both}; choose ${second.method}, or leave ${first.key} out`);
  }
  return first?.method ?? offered[0] ?? defaultMethod;
}

function reasonFor({ replication: { reasons = {} } = { methods: [] } }: Stream, method: unknown): string | undefined {
  return Object.entries(reasons).find(([name]) => name === method)?.[1];
}

function offeredMethods({ replication }: Stream): readonly ReplicationMethod[] {
  const { methods = [defaultMethod], isForced = false } = replication ?? {};
  return isForced ? methods.slice(0, 1) : methods;
}

function chosenKey(stream: Stream, wanted: CatalogEntry, method: ReplicationMethod): string {
  const keys = stream.replication?.keys ?? Object.keys(stream.schema.properties);
  const { key: name, column } = replicationKey(wanted);
  const [only] = keys;
  if (column === undefined && only !== undefined && keys.length === 1) return only;
  if (typeof column === 'string' && keys.includes(column)) return column;
  const close = typeof column === 'string' ? nearest(column, keys) : undefined;
  const fix = close === undefined ? `use ${keys.join(' or ')}` : `did you mean '${close}'?`;
  if (column === undefined) throw invalidCatalog(wanted, `${method} needs a ${name}; ${fix}`);
  throw invalidCatalog(wanted, `${name} ${JSON.stringify(column)} cannot be its replication key; ${fix}`);
}
