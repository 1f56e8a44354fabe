import type { StateStore } from 'c8connector';
import type { Check } from '../check.ts';
import { holds } from './expected.ts';
import { beginAs, type StateStoreContext } from './state-store-context.ts';

const hour = 3_600_000;

/** 6 */
export const risingEpochs: Check<StateStoreContext> = {
  number: 6,
  title: 'every claim has a higher epoch than all before it, of any unit, run or process, even if the clock goes back',
  where: 'claim: one counter of the connection, max(now, last + 1), durable before it resolves',
  run: (context) =>
    rises(context, 'epoch', async (store, unit, generation) => (await store.claim(unit, generation)).epoch),
};

/** 7 */
export const risingVersions: Check<StateStoreContext> = {
  number: 7,
  title: 'every version is higher than all before it, of any unit, run or process, even if the clock goes back',
  where: 'version: one counter of the connection, max(now, last + 1), durable before it resolves',
  run: (context) =>
    rises(context, 'version', async (store, unit, generation) => {
      const { epoch } = await store.claim(unit, generation);
      return await store.version(unit, epoch);
    }),
};

async function rises(
  context: StateStoreContext,
  what: string,
  next: (store: StateStore, unit: string, generation: number) => Promise<number>,
): Promise<void> {
  await using tested = await context.fresh();
  let { store } = tested;
  let last = 0;
  for (const moved of [0, hour, -2 * hour, 5]) {
    tested.move(moved);
    const { state } = await beginAs(store, { place: String(moved) });
    const units = ['a/begin', 'b/begin', 'a/begin', 'c/begin'];
    const given: number[] = [];
    for (const unit of units) given.push(await next(store, unit, state.generation));
    // Numbers that are requested concurrently have no order, but must be unique.
    const together = await Promise.all(units.map((unit, n) => next(store, `${unit}${n}`, state.generation)));
    for (const number of [...given, ...together.toSorted((one, other) => one - other)]) {
      holds(`${what} above ${last}`, Number.isSafeInteger(number) && number > last, number);
      last = number;
    }
    if (moved !== hour) await store.finish('first');
    store = await tested.crash();
  }
}
