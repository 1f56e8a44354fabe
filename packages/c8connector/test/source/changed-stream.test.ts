import { expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import { DataError, defineSource, neverStop, type Page, type SourceMessage, silentLog } from '../../src/index.ts';

/** A source whose column is renamed this many times, each time between its discovery and its read; `early` pages come before the error. */
function changingSource(changes: number, early: readonly Page[] = []) {
  let name = 0;
  let left = changes;
  return new (defineSource({
    package: { name: 'c8-source-changing', version: '1.0.0' },
    name: 'Changing',
    description: 'Renames its column.',
    config: {},
    discover: () => [
      { id: 'list', schema: { type: 'object' as const, properties: { [`name_${name}`]: { type: ['string'] } } } },
    ],
    async *read() {
      if (left > 0) {
        left -= 1;
        name += 1;
        yield* early;
        throw new DataError('list changed.', { code: 'stream_changed', details: { stream: 'list' } });
      }
      yield { rows: [{ [`name_${name}`]: 'a' }] };
    },
  }))();
}

async function read(source: ReturnType<typeof changingSource>) {
  const catalog = selectAll(await source.discover({}));
  const messages: SourceMessage[] = [];
  const request = { config: {}, catalog, exact: 'number', signal: neverStop().graceful, log: silentLog } as const;
  for await (const message of source.read(request)) messages.push(message);
  return messages;
}

test('a stream that changed before its first row is discovered again, and its rows follow the new schema', async () => {
  const messages = await read(changingSource(1));
  const schemas = messages.flatMap((message) =>
    message.type === 'SCHEMA' ? Object.keys(message.schema.properties) : [],
  );
  const rows = messages.flatMap((message) => (message.type === 'RECORDS' ? message.rows() : []));
  expect(schemas).toEqual(['name_0', 'name_1']);
  expect(rows).toEqual([{ name_1: 'a' }]);
  const versions = messages.flatMap((message) => (message.type === 'ACTIVATE_VERSION' ? [message.version] : []));
  expect(versions.at(-1)).toBe(messages.find((message) => message.type === 'RECORDS')?.version);
});

test.each([
  ['changes again', () => changingSource(2)],
  ['changed after its first row', () => changingSource(1, [{ rows: [{ name_0: 'b' }] }])],
])('a stream that %s is refused by name', async (_, source) => {
  await expect(read(source())).rejects.toMatchObject({ code: 'stream_changed', details: { stream: 'list' } });
});
