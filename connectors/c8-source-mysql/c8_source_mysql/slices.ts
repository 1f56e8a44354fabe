import type { KeyValues } from 'c8connector-sql';
import type { KeyPlan, Slice } from './key-plan.ts';
import type { Midpoint } from './midpoint.ts';

/** Slices for each range: the estimates of small ones are better. */
const slicesPerRange = 6;

/** Divides a table into many slices, so that each is a small part of a range. Errors are those of mysql2. */
export async function slicesOf(plan: KeyPlan, whole: Slice, ranges: number): Promise<readonly Slice[]> {
  const done: Slice[] = [];
  let open: Slice[] = [whole];
  for (let splits = 0; open.length > 0 && splits < 4 * slicesPerRange * ranges + 200; splits++) {
    const total = [...done, ...open].reduce((sum, { rows }) => sum + rows, 0);
    const largest = open.reduce((one, other) => (other.rows > one.rows ? other : one));
    if (largest.rows <= total / (slicesPerRange * ranges)) break;
    open = open.filter((slice) => slice !== largest);
    const parts = await splitOf(plan, largest);
    if (parts === undefined) done.push(largest);
    else open.push(...parts);
  }
  const all = [...done, ...open];
  return inOrder(all);
}

/** The slices one after another, from the one without a lower bound on. */
function inOrder(slices: readonly Slice[]): readonly Slice[] {
  const next = new Map(slices.map((slice) => [slice.from, slice]));
  const sorted: Slice[] = [];
  for (let slice = next.get(undefined); slice !== undefined; slice = next.get(slice.before)) {
    sorted.push(slice);
    if (slice.before === undefined) break;
  }
  return sorted;
}

/** Both parts of a slice, about half of the values in each; undefined when it has only one key. */
async function splitOf(plan: KeyPlan, slice: Slice): Promise<readonly [Slice, Slice] | undefined> {
  const { from, before, first, last } = slice;
  const place = plan.key.findIndex(({ name }) => first[name] !== last[name]);
  const column = plan.key[place];
  if (column === undefined) return undefined;
  const shared = plan.key.slice(0, place + 1);
  const borderAt = async (value: string): Promise<KeyValues | undefined> => {
    const found = await plan.end(
      { from: [shared, { ...first, [column.name]: value }], before: bound(plan, before) },
      'first',
    );
    return found === undefined || isSame(plan, found, first) ? undefined : found;
  };
  const [low, high] = [first[column.name] ?? '', last[column.name] ?? ''];
  const middle = (plan.midpoints[place] as Midpoint)(low, high);
  // What lies between two texts is only a guess; the last value is certain.
  const border = (middle === undefined ? undefined : await borderAt(middle)) ?? (await borderAt(high));
  if (border === undefined) return undefined;
  const end = await plan.end({ from: bound(plan, from), before: bound(plan, border) }, 'last');
  if (end === undefined) return undefined;
  const left = { from, before: border, first, last: end };
  const right = { from: border, before, first: border, last };
  return [await plan.estimated(left), await plan.estimated(right)];
}

function bound({ key }: KeyPlan, values: KeyValues | undefined) {
  return values === undefined ? undefined : ([key, values] as const);
}

function isSame({ key }: KeyPlan, one: KeyValues, other: KeyValues): boolean {
  return key.every(({ name }) => one[name] === other[name]);
}
