import type { UnitState } from 'c8connector';
import type { Check } from '../check.ts';
import { holds, refused, same } from './expected.ts';
import { beginAs, copying, incremented, putStream, type StateStoreContext } from './state-store-context.ts';

/** The state of a unit with a position in the first range of a copy. */
function at(copy: number, id: number): UnitState {
  return { patches: { a: { kind: 'range', copy, range: 0, position: { id } } } };
}

/** 2 */
export const lostClaims: Check<StateStoreContext> = {
  number: 2,
  title: 'once a unit is claimed again, every call with the older epoch is rejected and changes nothing',
  where: 'claim: store the epoch of each unit, and compare it in the same transaction as the change',
  async run(context) {
    await using tested = await context.fresh();
    const { store } = tested;
    const { state } = await beginAs(store);
    const copy = await putStream(store, 'a');
    const older = await store.claim('a/copy/0', state.generation);
    const newer = await store.claim('a/copy/0', state.generation);
    const before = await store.load();
    const calls = {
      version: () => store.version('a/copy/0', older.epoch),
      put: () => store.put('a/copy/0', older.epoch, 'a', copying(1)),
      commit: () => store.commit('a/copy/0', older.epoch, at(copy, 1)),
      adopt: () => store.adopt('a/copy/0', older.epoch, at(copy, 1)),
      'commit of a unit that was not claimed': () => store.commit('b/copy/0', newer.epoch, at(copy, 1)),
    };
    for (const [name, call] of Object.entries(calls))
      await refused(`${name} after the unit was claimed again`, 'claim_lost', call);
    same('the progress', (await store.load()).streams, before.streams);
  },
};

/** 3 */
export const twoClaims: Check<StateStoreContext> = {
  number: 3,
  title:
    'two units that are claimed at the same time can both commit, even to the same stream, and neither undoes a commit of the other',
  where: 'commit: merge the patch into the progress as it is now, not as it was at the claim',
  async run(context) {
    await using tested = await context.fresh();
    const { store } = tested;
    const { state } = await beginAs(store);
    const copy = await putStream(store, 'a');
    const units = ['a/copy/0', 'a/copy/1'];
    const claims = await Promise.all(units.map((unit) => store.claim(unit, state.generation)));
    for (let id = 1; id <= 5; id++) {
      const commits = claims.map(({ epoch }, range) =>
        store.commit(units[range] ?? '', epoch, {
          patches: { a: { kind: 'range', copy, range, position: { id: 1000 * range + id } } },
        }),
      );
      await Promise.all(commits);
    }
    const { a } = (await store.load()).streams;
    const positions = a !== undefined && 'ranges' in a ? a.ranges.map(({ position }) => position) : [];
    same('the positions of both ranges', positions, [{ id: 5 }, { id: 1005 }]);
  },
};

/** 4 */
export const endedGeneration: Check<StateStoreContext> = {
  number: 4,
  title: 'a claim for a generation that has ended is rejected, and so are calls for units that were claimed in it',
  where: 'claim, and begin: a new generation ends all claims',
  async run(context) {
    await using tested = await context.fresh();
    const { store } = tested;
    const before = await beginAs(store);
    const copy = await putStream(store, 'a', incremented);
    const { epoch } = await store.claim('a/increment', before.state.generation);
    await store.finish(before.run);
    const after = await beginAs(store, { place: 'there', keepsState: true });
    holds('a generation that is higher', after.state.generation > before.state.generation, after.state.generation);
    await refused('a claim in the older generation', 'claim_lost', () =>
      store.claim('a/increment', before.state.generation),
    );
    const patch = { kind: 'increment', progress: incremented(copy) } as const;
    await refused('a commit of a claim of the older generation', 'claim_lost', () =>
      store.commit('a/increment', epoch, { patches: { a: patch } }),
    );
  },
};

/** 5 */
export const lateProcess: Check<StateStoreContext> = {
  number: 5,
  title: 'a process that continues after another one has taken over changes nothing that the other one sees',
  where: 'claim: the epoch must be compared where the state is kept, not in the memory of the process',
  async run(context) {
    await using tested = await context.fresh();
    const { store } = tested;
    const { state } = await beginAs(store);
    const copy = await putStream(store, 'a');
    const { epoch } = await store.claim('a/copy/0', state.generation);
    await store.commit('a/copy/0', epoch, at(copy, 1));
    const next = await tested.crash();
    const again = await next.claim('a/copy/0', state.generation);
    await next.commit('a/copy/0', again.epoch, at(copy, 2));
    // It may be refused, or write to a file that nobody reads.
    await store.commit('a/copy/0', epoch, at(copy, 3)).catch(() => undefined);
    const { a } = (await next.load()).streams;
    same('the position', a !== undefined && 'ranges' in a ? a.ranges[0]?.position : a, { id: 2 });
  },
};
