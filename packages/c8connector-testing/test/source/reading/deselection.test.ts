import type { SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { byId, table } from '../../hand-written.ts';
import { each, findings, withRows } from '../broken-source.ts';

const deselectable = ({ catalog }: Parameters<SourceConnector['read']>[0]) => ({
  streams: catalog.streams.map((entry) => ({
    ...entry,
    metadata: entry.metadata.filter(({ breadcrumb }) => breadcrumb.length === 0),
  })),
});

test('40 finds a source that sends deselected columns', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => honest.read({ ...request, catalog: deselectable(request) }),
  });
  expect(await findings(40, { members })).toEqual([
    expect.stringContaining("SCHEMA of 'numbers' without the deselected 'at'"),
  ]);
});

test('40 finds records with a deselected column that SCHEMA leaves out', async () => {
  const change = each((message) =>
    message.type === 'RECORDS' ? withRows(message, (row) => ({ ...row, at: 'yesterday' })) : message,
  );
  expect(await findings(40, { change })).toEqual([
    expect.stringContaining("records of 'numbers' without the deselected 'at'"),
  ]);
});

test('40 finds a value that moves into the previous column', async () => {
  const change = each((message) =>
    message.type === 'RECORDS' && !('at' in message.schema.properties)
      ? withRows(message, (row) => ({ ...row, name: 'slipped' }))
      : message,
  );
  expect(await findings(40, { change })).toEqual([expect.stringContaining('11 are missing')]);
});

test('40 finds a stream that is not selected', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => {
      const streams = request.catalog.streams.map((entry) => ({
        ...entry,
        metadata: [...entry.metadata, { breadcrumb: [], metadata: { selected: true } }],
      }));
      return honest.read({ ...request, catalog: { streams } });
    },
  });
  expect(await findings(40, { tables: { numbers: byId, others: table({}) }, members })).toEqual([
    expect.stringContaining('expected: messages of the selected streams only'),
  ]);
});
