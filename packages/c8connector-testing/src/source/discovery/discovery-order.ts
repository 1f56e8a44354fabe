import type { Catalog, Value } from 'c8connector';
import { stringifyValue } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';

/** 33 */
export const sameDiscovery: Check<SourceContext> = {
  number: 33,
  title: 'discover returns the same streams and columns in the same order each time, sorted by id',
  where: 'the order of the streams, their columns and keys: results of a server or a Map that are not sorted',
  async run({ connector, makeConnector, config, discovered, log }) {
    const first = await discovered();
    const ids = first.streams.map((entry) => entry.tap_stream_id);
    const sorted = ids.toSorted((one, other) => (one < other ? -1 : Number(one > other)));
    const at = ids.findIndex((id, index) => id !== sorted[index]);
    if (at >= 0)
      throw new Finding(`the streams sorted by their ids: '${sorted[at]}' in place ${at + 1}`, `'${ids[at]}'`);
    for (const each of [connector, makeConnector()]) compare(first, await each.discover(await config(), { log }));
  },
};

function compare(first: Catalog, second: Catalog): void {
  const ids = second.streams.map((entry) => entry.tap_stream_id);
  for (const [index, entry] of first.streams.entries()) {
    if (ids[index] !== entry.tap_stream_id)
      throw new Finding(`'${entry.tap_stream_id}' in place ${index + 1} again`, shown(ids[index]));
    const [columns, again] = [entry, second.streams[index]].map((each) => Object.keys(each?.schema.properties ?? {}));
    if (shown(columns) !== shown(again))
      throw new Finding(`the columns of '${entry.tap_stream_id}' again: ${shown(columns)}`, shown(again));
    if (textOf(entry) !== textOf(second.streams[index]))
      throw new Finding(
        `the same entry of '${entry.tap_stream_id}' again`,
        'another schema, key or metadata, or another order in them',
      );
  }
  if (ids.length !== first.streams.length) throw new Finding(`${first.streams.length} streams again`, `${ids.length}`);
}

/** An entry as text, without estimates, which may change from one moment to the next. */
function textOf(entry: unknown): string {
  const known = JSON.parse(stringifyValue(entry as Value), (key, value) =>
    key.replace('_', '-') === 'row-count' ? undefined : value,
  );
  return JSON.stringify(known);
}
