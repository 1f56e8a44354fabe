import type { ConnectionState, StateStore } from 'c8connector';
import type { Check } from '../check.ts';
import { holds, refused, same } from './expected.ts';
import { beginAs, incremented, putCopy, putStream, type StateStoreContext } from './state-store-context.ts';

const placeAndStreams = ({ place, streams }: ConnectionState) => [place, streams];
const streamsOf = async (store: StateStore) => Object.keys((await store.load()).streams).sort();

async function begunWith(context: StateStoreContext, streams: readonly string[]) {
  const tested = await context.fresh();
  const { state } = await beginAs(tested.store);
  for (const stream of streams) await putCopy(tested.store, stream);
  return { tested, generation: state.generation };
}

/** 11 */
export const resumed: Check<StateStoreContext> = {
  number: 11,
  title: 'begin resumes a run that did not end, with its id; finish ends only its own run',
  where: 'begin and finish',
  async run(context) {
    const { tested } = await begunWith(context, ['a']);
    await using _ = tested;
    let { store } = tested;
    await store.finish('another');
    store = await tested.crash();
    const again = await beginAs(store, { run: 'second' });
    same('how an interrupted run begins again', [again.run, again.isResumed, again.isMoved], ['first', true, false]);
    same('its run', again.state.run?.id, 'first');
    await store.finish('second');
    same('the run after another one was finished', (await store.load()).run?.id, 'first');
    await store.finish('first');
    same('the run after it was finished', (await store.load()).run, undefined);
    const next = await beginAs(store, { run: 'third' });
    same('how the next run begins', [next.run, next.isResumed], ['third', false]);
    same('the streams after a run', await streamsOf(store), ['a']);
  },
};

/** 12 */
export const moved: Check<StateStoreContext> = {
  number: 12,
  title:
    'a run that writes to another place begins a new generation, in which nothing was read yet; with keepsState it keeps all progress, and is rejected while a run or a copy is unfinished',
  where: 'begin: place, keepsState',
  async run(context) {
    const { tested, generation } = await begunWith(context, ['a']);
    await using _ = tested;
    const { store } = tested;
    await putStream(store, 'b', incremented);
    const before = await store.load();
    const keeping = { run: 'second', place: 'copied', keepsState: true } as const;
    const keep = () => beginAs(store, keeping);
    await refused('a run with keepsState while another one is open', 'state_unfinished', keep);
    await store.finish('first');
    await refused('a run with keepsState while a stream is copied in part', 'state_unfinished', keep);
    same('the place and the progress after that', placeAndStreams(await store.load()), ['here', before.streams]);
    const kept = await beginAs(store, { ...keeping, refresh: ['a'] });
    same('how a run with keepsState begins', [kept.run, kept.isResumed, kept.isMoved], ['second', false, false]);
    same('its place and progress', placeAndStreams(await store.load()), ['copied', { b: before.streams.b }]);
    holds('a generation that is higher with keepsState', kept.state.generation > generation, kept.state.generation);
    const away = await beginAs(store, { run: 'third', place: 'there' });
    same('how a run at another place begins', [away.run, away.isResumed, away.isMoved], ['third', false, true]);
    same('its progress', [await streamsOf(store), (await store.load()).place], [[], 'there']);
    holds('a generation that is higher', away.state.generation > kept.state.generation, away.state.generation);
    const back = await beginAs(store, { run: 'fourth', place: 'copied' });
    same('whether nothing is known after a way back', [back.isMoved, await streamsOf(store)], [true, []]);
    same('the id of the connection', back.state.connection, before.connection);
  },
};

/** 13 */
export const refreshed: Check<StateStoreContext> = {
  number: 13,
  title: 'a refresh forgets its streams once; when its run is resumed, it does not forget them again',
  where: 'begin: refresh, and what the run stores about it',
  async run(context) {
    const { tested } = await begunWith(context, ['a', 'b', 'c']);
    await using _ = tested;
    let { store } = tested;
    await store.finish('first');
    await beginAs(store, { run: 'second', refresh: ['a'] });
    same('the streams after a refresh of a', await streamsOf(store), ['b', 'c']);
    await putCopy(store, 'a');
    store = await tested.crash();
    const again = await beginAs(store, { run: 'third', refresh: ['a', 'b'] });
    same('the run', [again.run, again.isResumed], ['second', true]);
    same('the streams after that run went on, with b refreshed as well', await streamsOf(store), ['a', 'c']);
    await beginAs(store, { run: 'fourth', refresh: true });
    same('the streams once all are to be refreshed, of which a was', await streamsOf(store), ['a']);
    await putCopy(store, 'c');
    await beginAs(store, { run: 'fifth', refresh: true });
    same('the streams after the refresh of all went on', await streamsOf(store), ['a', 'c']);
    await store.finish('second');
    await beginAs(store, { run: 'sixth', refresh: true });
    same('the streams after the next refresh', await streamsOf(store), []);
  },
};

/** 14 */
export const forgotten: Check<StateStoreContext> = {
  number: 14,
  title: 'a stream that left the connection is forgotten when the next run begins, and no other stream is',
  where: 'begin: streams',
  async run(context) {
    const { tested } = await begunWith(context, ['a', 'b', 'c']);
    await using _ = tested;
    const { store } = tested;
    await beginAs(store, { streams: ['a', 'c', 'd'] });
    same('the streams', await streamsOf(store), ['a', 'c']);
    await beginAs(store);
    same('the streams once b is back', await streamsOf(store), ['a', 'c']);
  },
};
