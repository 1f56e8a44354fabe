import {
  type ConnectionState,
  type Progress,
  parseValue,
  type State,
  type StateStore,
  stringifyValue,
} from 'c8connector';
import { type Check, NotRunnable } from '../check.ts';
import { holds, refused, same } from './expected.ts';
import { beginAs, copying, putCopy, putStream, type StateStoreContext } from './state-store-context.ts';

/** 1 */
export const newStore: Check<StateStoreContext> = {
  number: 1,
  title: 'a new store has no streams and no run, and its own id and generation',
  where: 'load',
  async run(context) {
    await using one = await context.fresh();
    await using other = await context.fresh();
    const state = await one.store.load();
    same('what a new store knows', [state.streams, state.run, state.place, state.rest], [{}, undefined, undefined, {}]);
    const { connection } = await other.store.load();
    holds('another id in another store', state.connection !== '' && connection !== state.connection, connection);
    holds('a generation', Number.isSafeInteger(state.generation) && state.generation > 0, state.generation);
  },
};

/** 15 */
export const plainStates: Check<StateStoreContext> = {
  number: 15,
  title: 'a returned state does not change later, and load and claim return the progress of the requested streams',
  where: 'load and claim',
  async run(context) {
    await using tested = await context.fresh();
    const { store } = tested;
    const { state } = await beginAs(store);
    for (const stream of ['a', 'b']) await putStream(store, stream);
    const all = await store.load();
    const claim = await store.claim('a/copy/0', state.generation, ['a', 'unknown']);
    const before = stringifyValue([state, all, claim]);
    const patch = { kind: 'range', copy: all.streams.a?.copy ?? 0, range: 0, position: { id: 1 } } as const;
    await store.commit('a/copy/0', claim.epoch, { patches: { a: patch } });
    await putStream(store, 'c');
    await store.finish('first');
    same('the states that were given out before', stringifyValue([state, all, claim]), before);
    same('the streams of the claim', Object.keys(claim.state.streams), ['a']);
    same('the streams of load', Object.keys((await store.load(['c', 'a'])).streams).sort(), ['a', 'c']);
    same('no stream', (await store.load([])).streams, {});
  },
};

/** 16 */
export const sourceStates: Check<StateStoreContext> = {
  number: 16,
  title: 'a source that keeps its own state gets it back unchanged, every key and digit, also in another process',
  where: 'begin without streams, and a commit of a state without patches: rest is the whole of it',
  async run(context) {
    await using tested = await context.fresh();
    const text = '{"bookmarks":{"a":{"lsn":18446744073709551615,"rate":1.50}},"currently_syncing":"a","odd":[null]}';
    let { store } = tested;
    const first = await store.begin({ run: 'first', place: 'here' });
    same('what the source gets first', first.state.rest, {});
    const { epoch } = await store.claim('tap', first.state.generation);
    await store.commit('tap', epoch, parseValue(text) as State);
    store = await tested.crash();
    const again = await store.begin({ run: 'second', place: 'here' });
    same('whether the run is gone on with', [again.run, again.isResumed], ['first', true]);
    same('what the source gets back', again.state.rest, parseValue(text));
  },
};

const log = (version: number): Progress => ({
  ...{ method: 'LOG_BASED', phase: 'copying', copy: version, version },
  ...{ logPosition: { lsn: 5 }, ranges: [{ from: null, to: null }] },
});

/** 17 */
export const durable: Check<StateStoreContext> = {
  number: 17,
  title:
    'once a call has resolved, its change survives a kill of the process, except for what can wait: a begin, the start of a copy beside a log, a position, an adopted position, a position in an increment',
  where: 'durability: resolve once it is stored',
  async run(context) {
    await using tested = await context.fresh();
    await checkDurable(tested.store, tested.crash, 'after the process was killed');
  },
};

/** Checks after each change that must be durable at once that the store has it after a crash. */
export async function checkDurable(first: StateStore, crash: () => Promise<StateStore>, when: string): Promise<void> {
  let store = first;
  const { state } = await beginAs(store);
  store = await crash();
  same(`the state of a begin, ${when}`, await store.load(), state);
  const version = await putStream(store, 'c', log);
  store = await crash();
  same(`the beginning of a copy beside a log, ${when}`, (await store.load()).streams.c, log(version));
  const copy = await putCopy(store, 'a');
  store = await crash();
  same(`a position, ${when}`, firstRange(await store.load()), { from: null, to: 500, position: { id: 1 } });
  const { epoch } = await store.claim('a/copy/0', state.generation);
  await store.adopt('a/copy/0', epoch, { patches: { a: { kind: 'range', copy, range: 0, position: { id: 2 } } } });
  store = await crash();
  same(`an adopted position, ${when}`, firstRange(await store.load()), { from: null, to: 500, position: { id: 2 } });
  const started = (copy: number): Progress => ({ method: 'INCREMENTAL', copy, version: copy, replicationKey: 'id' });
  const increment = { ...started(await putStream(store, 'b', started)), value: 7, position: { page: 2 } };
  const last = await store.claim('b/increment', state.generation);
  await store.commit('b/increment', last.epoch, { patches: { b: { kind: 'increment', progress: increment } } });
  store = await crash();
  same(`a position in an increment, ${when}`, (await store.load()).streams.b, increment);
}

function firstRange({ streams: { a } }: ConnectionState): unknown {
  return a !== undefined && 'ranges' in a ? a.ranges[0] : a;
}

/** Checks that durable data is still there after a crash that follows a change which may be lost. */
export async function checkUnharmed(first: StateStore, crash: () => Promise<StateStore>, when: string): Promise<void> {
  await beginAs(first);
  await putCopy(first, 'a');
  await putStream(first, 'b');
  const store = await crash();
  const position = { from: null, to: 500, position: { id: 1 } };
  same(`a position that was durable before a change that can wait, ${when}`, firstRange(await store.load()), position);
}

/** 18 */
export const finished: Check<StateStoreContext> = {
  number: 18,
  title: 'finish makes everything durable, including what could wait',
  where: 'finish',
  async run(context) {
    await using tested = await context.fresh();
    await checkFinished(tested.store, tested.crash, 'after the process was killed');
  },
};

/** Checks that changes which could wait are in the store after a crash that follows `finish`. */
export async function checkFinished(first: StateStore, crash: () => Promise<StateStore>, when: string): Promise<void> {
  let store = first;
  const { state } = await beginAs(store);
  const version = await putStream(store, 'a');
  for (const range of [0, 1]) {
    const { epoch } = await store.claim(`a/copy/${range}`, state.generation);
    await store.commit(`a/copy/${range}`, epoch, {
      patches: { a: { kind: 'range', copy: version, range, isDone: true } },
    });
  }
  const { epoch } = await store.claim('a/seal', state.generation);
  const progress: Progress = { method: 'FULL_TABLE', phase: 'copied', copy: version, version, run: 'first' };
  await store.commit('a/seal', epoch, { patches: { a: { kind: 'seal', progress } } });
  const other = await putStream(store, 'b');
  await store.finish('first');
  store = await crash();
  const { streams, run } = await store.load();
  same(`what is known of a finished run, ${when}`, [streams, run], [{ a: progress, b: copying(other) }, undefined]);
}

/** 19 */
export const damagedStore: Check<StateStoreContext> = {
  number: 19,
  title: 'a damaged store is rejected with state_unreadable, and does not start over',
  where: 'open: check what is read',
  async run(context) {
    if (!context.canDamage) throw new NotRunnable('`damage` is not given');
    await using tested = await context.fresh();
    await beginAs(tested.store);
    await putStream(tested.store, 'a', log);
    await refused('what was damaged', 'state_unreadable', async () => await (await tested.crashDamaged()).load());
  },
};
