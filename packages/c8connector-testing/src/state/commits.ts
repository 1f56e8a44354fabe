import type { Patch, Progress, StateStore, UnitState } from 'c8connector';
import type { Check } from '../check.ts';
import { refused, same } from './expected.ts';
import { beginAs, putStream, type StateStoreContext } from './state-store-context.ts';

/** Patches that do not fit a copy in two ranges of which the second is done. */
function unfit(copy: number): Readonly<Record<string, Patch>> {
  const progress: Progress = { method: 'FULL_TABLE', phase: 'copied', copy, version: copy, run: 'first' };
  return {
    'of an older copy': { kind: 'range', copy: copy - 1, range: 0, position: { id: 1 } },
    'of a range that there is not': { kind: 'range', copy, range: 2, position: { id: 1 } },
    'of a range that is done': { kind: 'range', copy, range: 1, position: { id: 1 } },
    'of a seal while a range is not done': { kind: 'seal', progress },
    'of an increment of a stream that is copied': {
      kind: 'increment',
      progress: { method: 'INCREMENTAL', copy, version: copy, replicationKey: 'id', value: 1 },
    },
  };
}

/** 8 */
export const allOrNone: Check<StateStoreContext> = {
  number: 8,
  title: 'a commit with a patch that does not fit is rejected, and none of its patches is stored',
  where: 'commit: merge all patches first, and store them together',
  async run(context) {
    await using tested = await context.fresh();
    const { store } = tested;
    const { generation, copy, other } = await twoCopies(store);
    const { epoch } = await store.claim('log', generation);
    const fits: Patch = { kind: 'range', copy: other, range: 0, position: { id: 9 } };
    const before = (await store.load()).streams;
    const tries: Readonly<Record<string, UnitState>> = {
      ...Object.fromEntries(Object.entries(unfit(copy)).map(([name, a]) => [name, { patches: { b: fits, a } }])),
      'of a stream that was never begun': { patches: { b: fits, constructor: fits } },
    };
    for (const [name, said] of Object.entries(tries)) {
      await refused(`a patch ${name}`, 'claim_lost', () => store.commit('log', epoch, said));
      same(`the progress after a patch ${name}`, (await store.load()).streams, before);
    }
    await store.commit('log', epoch, {
      patches: { a: { kind: 'range', copy, range: 0, position: { id: 5 } }, b: fits },
    });
    same('the positions after a commit of two streams', await positions(store), [{ id: 5 }, { id: 9 }]);
  },
};

/** 9 */
export const lenientAdopt: Check<StateStoreContext> = {
  number: 9,
  title: 'adopt stores the patches that fit, skips the others, and resolves with the resulting state',
  where: 'adopt: what a target recovered may belong to an older copy',
  async run(context) {
    await using tested = await context.fresh();
    const { store } = tested;
    const { generation, copy, other } = await twoCopies(store);
    const { epoch } = await store.claim('log', generation);
    const fits: Patch = { kind: 'range', copy: other, range: 0, position: { id: 9 } };
    for (const [name, a] of Object.entries(unfit(copy))) {
      const state = await store.adopt('log', epoch, { patches: { a, b: fits } });
      same(`the progress that adopt gives with a patch ${name}`, state.streams, (await store.load()).streams);
      same(`the positions after a patch ${name}`, await positions(store), [undefined, { id: 9 }]);
    }
  },
};

/** 10 */
export const gone: Check<StateStoreContext> = {
  number: 10,
  title: 'a stream that is put as undefined is forgotten',
  where: 'put',
  async run(context) {
    await using tested = await context.fresh();
    const { store } = tested;
    const { generation } = await twoCopies(store);
    const { epoch } = await store.claim('a/begin', generation);
    await store.put('a/begin', epoch, 'a', undefined);
    same('the streams', Object.keys((await store.load()).streams), ['b']);
  },
};

async function twoCopies(store: StateStore) {
  const { state } = await beginAs(store);
  const copy = await putStream(store, 'a');
  const other = await putStream(store, 'b');
  const { epoch } = await store.claim('a/copy/1', state.generation);
  await store.commit('a/copy/1', epoch, { patches: { a: { kind: 'range', copy, range: 1, isDone: true } } });
  return { generation: state.generation, copy, other };
}

/** The positions of the first ranges of both copies. */
async function positions(store: StateStore): Promise<readonly unknown[]> {
  const { streams } = await store.load();
  return ['a', 'b'].map((stream) => {
    const progress = streams[stream];
    return progress !== undefined && 'ranges' in progress ? progress.ranges[0]?.position : progress;
  });
}
