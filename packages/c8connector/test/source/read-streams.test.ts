import { expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import { type Catalog, neverStop, silentLog } from '../../src/index.ts';
import { MemorySource } from '../fixtures/memory-source.ts';

function without(column: string, catalog: Catalog): Catalog {
  const streams = catalog.streams.map((entry) => ({
    ...entry,
    metadata: entry.metadata.map(({ breadcrumb, metadata }) =>
      breadcrumb[1] === column ? { breadcrumb, metadata: { ...metadata, selected: false } } : { breadcrumb, metadata },
    ),
  }));
  return { streams };
}

test('neither the lines nor the rows of a batch have a deselected column, even if the source returns it', async () => {
  const source = new MemorySource();
  const config = { password: 'open sesame', rows: 1 };
  const catalog = without('name', selectAll(await source.discover(config)));
  const { graceful: signal } = neverStop();
  const found: unknown[] = [];
  for await (const message of source.read({ config, catalog, exact: 'number', signal, log: silentLog })) {
    if (message.type !== 'RECORDS') continue;
    found.push(Buffer.from(message.lines()).toString(), ...message.rows().map((row) => Object.keys(row)));
  }
  expect(found).toEqual(['{"id":0,"amount":0.50}\n', ['id', 'amount']]);
});
