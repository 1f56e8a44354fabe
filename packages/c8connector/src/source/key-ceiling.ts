import { ConnectorError } from '../interface/errors.ts';
import type { Json } from '../interface/progress.ts';
import type { Value } from '../interface/value.ts';
import { stringifyValue } from '../jsonl/values.ts';
import type { ReplicationKey } from './replication-key.ts';

/**
 * How far a read that begins now may advance the bookmark: to the highest existing key, which the source returns, or to the current time. Null when there is no key yet; undefined when there is no
 * known limit. Throws a ConnectorError `contract_broken` when `highest` returns a value that cannot be a key.
 */
export async function ceilingOf(
  key: ReplicationKey,
  { stream, highest }: { readonly stream: string; readonly highest: (() => Promise<Value | undefined>) | undefined },
): Promise<Json | undefined> {
  const now = Date.now();
  if (highest === undefined) return key.at(now);
  const asked = (await highest()) ?? null;
  if (asked === null) return null;
  const known = key.toJson(asked);
  if (known !== undefined) return known;
  // A value that sorts after all numbers and moments cannot be a bookmark: no row would ever be new again.
  if (/^(?:nan|infinity)$/i.test(String(asked))) return key.at(now) ?? null;
  throw noKey(stream, key.column, asked);
}

function noKey(stream: string, column: string, value: Value): ConnectorError {
  return new ConnectorError(
    `stream '${stream}': highest returned ${stringifyValue(value)}, which is not a value of '${column}'`,
    { code: 'contract_broken', remedy: 'Return the key as it is in the rows.', details: { stream, column } },
  );
}
