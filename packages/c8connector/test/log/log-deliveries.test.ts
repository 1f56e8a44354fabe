import { describe, expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  actionTarget,
  ConnectionError,
  createStop,
  defineAction,
  defineIntegration,
  openMemoryDeliveries,
  openMemoryStateStore,
  run,
  silentLog,
} from '../../src/index.ts';
import { loggedDatabase, loggedSource } from './logged-database.ts';

/** Sends the changes of a log to an action; `failAt` is the number of a call that fails. */
function sender() {
  const database = loggedDatabase(['a']);
  const store = openMemoryStateStore();
  const deliveries = openMemoryDeliveries();
  const sent: unknown[] = [];
  let calls = 0;
  let failAt: number | undefined;
  const integration = new (defineIntegration({
    package: { name: 'c8-integration-sender', version: '1.0.0' },
    name: 'Sender',
    description: 'x',
    config: {},
    actions: {
      send: defineAction<object>()({
        description: 'Sends.',
        input: { text: { type: 'string', displayName: 'Text', description: 'x', isMandatory: true } },
        output: { type: 'object' },
        example: { text: 'x' },
        async run({ input }) {
          calls += 1;
          if (calls === failAt) throw new ConnectionError('refused', { code: 'access_denied' });
          sent.push(input.text);
          return {};
        },
      }),
    },
  }))();
  const go = async (failing?: number) => {
    calls = 0;
    failAt = failing;
    const source = loggedSource(database, { pageChanges: 3 });
    return await run({
      source,
      sourceConfig: {},
      target: actionTarget(integration, 'send', { text: '{{name}}' }),
      targetConfig: {},
      catalog: selectAll(await source.discover({})),
      store,
      deliveries,
      stop: createStop(),
      log: silentLog,
      onEvent: () => undefined,
    });
  };
  return { database, sent, go };
}

describe('rows of a log that an action receives', () => {
  test('are each sent, also if they have the same key', async () => {
    const { database, sent, go } = sender();
    await go();
    database.commit(...['one', 'two', 'three', 'four'].map((name) => ({ stream: 'a', row: { id: 1, name } })));
    database.commit({ stream: 'a', row: { id: 1, name: 'five' } });
    await go();
    expect(sent).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  test.each([1, 2, 3, 4, 5, 6, 7])(
    'are each sent once when call %i fails, and the next run continues',
    async (failing) => {
      const { database, sent, go } = sender();
      database.commit({ stream: 'a', row: { id: 1, name: 'copied' } });
      await go();
      const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
      database.commit(...names.map((name, index) => ({ stream: 'a', row: { id: index % 2, name } })));
      expect(await go(failing)).toMatchObject({ status: 'failed' });
      expect(await go()).toMatchObject({ status: 'done' });
      expect(sent).toEqual(['copied', ...names]);
    },
  );
});
