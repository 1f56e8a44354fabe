import { expect, test } from 'vitest';
import { parseConnection } from '../../src/index.ts';

const source = { connector: 'c8-source-a', config: { password: { $env: 'PASSWORD' } } };
const target = { connector: 'c8-target-b' };

test('a connection is read from an object, without resolving its references', () => {
  const streams = [
    'orders',
    { stream: 'public-*', replication_method: 'INCREMENTAL', replication_key: 'updated_at', columns: ['id'] },
  ];
  expect(parseConnection({ source, target, streams }, { name: 'orders' })).toEqual({
    name: 'orders',
    source,
    target: { connector: 'c8-target-b', config: {} },
    streams: [
      { stream: 'orders' },
      { stream: 'public-*', replicationMethod: 'INCREMENTAL', replicationKey: 'updated_at', columns: ['id'] },
    ],
  });
});

test('the path of its state is relative to its folder', () => {
  const state = './orders.state.json';
  expect(parseConnection({ source, target, state }, { name: 'orders', folder: '/somewhere' }).state).toBe(
    '/somewhere/orders.state.json',
  );
  expect(parseConnection({ source, target, state }, { name: 'orders' }).state).toBe(state);
});

test('each of its problems is an error with its path', () => {
  const streams = [{ stream: 'a', columns: [], replication_key: ['id'] }, 7, 'b', 'b'];
  const wrong = { sorce: {}, source: { connector: 'a', confg: {} }, streams, state: 5 };
  const error = refusal(wrong);
  expect(error).toMatchObject({ name: 'ConfigError', code: 'connection_file_invalid' });
  expect(error.problems).toEqual([
    { property: 'sorce', message: "unknown key; did you mean 'source'?" },
    { property: 'source.confg', message: "unknown key; did you mean 'config'?" },
    { property: 'target', message: 'is missing; give { connector: NAME, config: { … } }' },
    { property: 'streams[0].replication_key', message: 'is wrong; give the name of a column' },
    { property: 'streams[0].columns', message: 'must be a list of names; leave it out for all columns' },
    { property: 'streams[1]', message: 'give the name of a stream, or { stream: NAME, … }' },
    { property: 'streams', message: "'b' is listed more than once" },
    { property: 'state', message: 'is wrong; give the path of a file' },
  ]);
  expect(error.message).toMatch(/^connection orders:\n {2}sorce: unknown key; did you mean 'source'\?\n/);
});

test.each([undefined, null, 7, 'text', []])('%j is not a connection', (value) => {
  expect(refusal(value).problems).toMatchObject([{ property: 'connection' }]);
});

function refusal(value: unknown) {
  try {
    parseConnection(value, { name: 'orders' });
  } catch (error) {
    return error as Error & { readonly problems: readonly object[] };
  }
  throw new Error('it was accepted');
}
