import { expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  defineSource,
  defineTarget,
  neverStop,
  openMemoryStateStore,
  type RunIdentity,
  run,
  type Stream,
  silentLog,
} from '../../src/index.ts';

const tableOf = (id: string): Stream => ({
  id,
  schema: { type: 'object', properties: { id: { type: 'integer' } } },
  keyProperties: ['id'],
});

interface Call {
  readonly run: RunIdentity;
  readonly streams: readonly string[];
}

/** Copies two tables, of which `b` may fail, into a target that has `finish`. */
async function finishedBy({ isBroken = false, finish }: { isBroken?: boolean; finish?: () => void }) {
  const calls: Call[] = [];
  const written: { readonly unit: string; readonly streams: readonly string[] | undefined; readonly epoch: number }[] =
    [];
  const warnings: string[] = [];
  const source = new (defineSource({
    package: { name: 'c8-source-x', version: '1.0.0' },
    ...{ name: 'X', description: 'x', config: {}, discover: () => [tableOf('a'), tableOf('b')] },
    *read({ id }) {
      if (isBroken && id === 'b') throw new Error('broken');
      yield { rows: [{ id: 1 }] };
    },
  }))();
  const target = new (defineTarget({
    package: { name: 'c8-target-x', version: '1.0.0' },
    ...{ name: 'X', description: 'x', config: {} },
    async *write(messages, { run: { unit, epoch }, streams }) {
      written.push({ unit, streams, epoch });
      for await (const message of messages) if (message.type === 'FLUSH') yield message.state;
    },
    async finish({ run: identity }, streams) {
      calls.push({ run: identity, streams });
      finish?.();
    },
  }))();
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  const catalog = selectAll(await source.discover({}));
  const { status } = await run({
    ...{ source, sourceConfig: {}, target, targetConfig: {}, catalog },
    ...{ store: openMemoryStateStore(), stop: neverStop(), log, onEvent: () => undefined },
  });
  return { calls, written, warnings, status };
}

test('a target finishes each copy when it is complete, and all streams at the end of a run, under an epoch above all that wrote', async () => {
  const { calls, written } = await finishedBy({});
  expect(calls.map(({ streams }) => streams)).toEqual([['a'], ['b'], ['a', 'b']]);
  const last = calls.at(-1)?.run.epoch ?? 0;
  expect(Math.max(...written.map(({ epoch }) => epoch))).toBeLessThan(last);
});

test('a write receives the streams of its unit', async () => {
  const { written } = await finishedBy({});
  expect(written.map(({ unit, streams }) => [unit, streams])).toEqual([
    ['a/copy/0', ['a']],
    ['a/seal', ['a']],
    ['b/copy/0', ['b']],
    ['b/seal', ['b']],
  ]);
});

test('a stream that failed is finished with the others at the end of its run', async () => {
  const { calls, status } = await finishedBy({ isBroken: true });
  expect(status).toBe('failed');
  expect(calls.map(({ streams }) => streams)).toEqual([['a'], ['a', 'b']]);
});

test('a target that cannot finish does not fail the run, and a warning has the reason', async () => {
  const { status, warnings } = await finishedBy({
    finish() {
      throw new Error('the bucket is away');
    },
  });
  expect(status).toBe('done');
  expect(warnings).toHaveLength(3);
});
