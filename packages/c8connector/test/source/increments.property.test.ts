import fc from 'fast-check';
import { test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  defineSource,
  type Page,
  parseValue,
  type Row,
  type State,
  silentLog,
  stringifyValue,
} from '../../src/index.ts';

/** What happens while a page is read: rows that are written, each so far beyond the highest key of when the read began; and whether the program is stopped then. */
type Step = {
  readonly writes: readonly { readonly id: number; readonly beyond: number }[];
  readonly isStopped: boolean;
};

const step = fc.record({
  writes: fc.array(fc.record({ id: fc.nat(12), beyond: fc.integer({ min: 1, max: 20 }) }), { maxLength: 3 }),
  isStopped: fc.boolean(),
});

interface Shape {
  readonly isSorted: boolean;
  readonly isLines: boolean;
  readonly hasBookmarks: boolean;
  readonly pageRows: number;
}

const shape = fc.record({
  isSorted: fc.boolean(),
  isLines: fc.boolean(),
  hasBookmarks: fc.boolean(),
  pageRows: fc.integer({ min: 1, max: 4 }),
});

/** A table whose rows are read page by page after the last one, while `afterPage` writes to it. */
class Table {
  readonly rows = new Map<number, number>();
  /** The highest key when the last read began. */
  begun = 0;
  stop = new AbortController();

  readonly shape: Shape;
  readonly steps: Step[];

  constructor(shape: Shape, steps: readonly Step[]) {
    this.shape = shape;
    this.steps = [...steps];
  }

  highest(): number {
    this.begun = Math.max(0, ...this.rows.values());
    return this.begun;
  }

  afterPage(): void {
    const { writes, isStopped } = this.steps.shift() ?? { writes: [], isStopped: false };
    for (const { id, beyond } of writes) this.rows.set(id, this.begun + beyond);
    if (isStopped) this.stop.abort();
  }

  page(since: number, after: Row | undefined): Row[] {
    const order = (one: Row, other: Row) =>
      (this.shape.isSorted ? Number(one.at) - Number(other.at) : 0) || Number(one.id) - Number(other.id);
    const rows = [...this.rows].map(([id, at]): Row => ({ id, at })).filter(({ at }) => Number(at) >= since);
    return rows
      .filter((row) => after === undefined || order(row, after) > 0)
      .sort(order)
      .slice(0, this.shape.pageRows);
  }
}

function sourceOf(table: Table) {
  const { isSorted, isLines, hasBookmarks } = table.shape;
  return new (defineSource({
    package: { name: 'c8-source-table', version: '1.0.0' },
    name: 'Table',
    description: 'Changes while it is read.',
    config: {},
    discover: () => [
      {
        id: 'table',
        schema: { type: 'object' as const, properties: { id: { type: 'integer' }, at: { type: 'integer' } } },
        replication: { methods: ['INCREMENTAL' as const], keys: ['at'], isSorted },
      },
    ],
    highest: () => table.highest(),
    async *read(_stream, { since = 0, bookmark, signal }): AsyncGenerator<Page> {
      let after = bookmark?.after as Row | undefined;
      for (let rows = table.page(Number(since), after); rows.length > 0 && !signal.aborted; ) {
        after = rows.at(-1);
        const lines = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        const page = isLines ? { lines, count: rows.length } : { rows };
        yield { ...page, ...(hasBookmarks && after !== undefined ? { bookmark: { after } } : {}) };
        table.afterPage();
        rows = table.page(Number(since), after);
      }
    },
  }))();
}

/** One run of the program, which notes what it has seen of each row. */
async function readOnce(table: Table, seen: Map<number, number>, state: State | undefined): Promise<State | undefined> {
  table.stop = new AbortController();
  const source = sourceOf(table);
  const catalog = selectAll(await source.discover({}));
  let last = state;
  const { signal } = table.stop;
  const request = {
    config: {},
    catalog,
    state,
    exact: 'number',
    statePerPage: true,
    signal,
    log: silentLog,
  } as const;
  for await (const message of source.read(request)) {
    if (message.type === 'STATE') last = parseValue(stringifyValue(message.value)) as State;
    if (message.type !== 'RECORDS') continue;
    for (const { id, at } of message.rows()) seen.set(Number(id), Number(at));
  }
  return last;
}

test('whatever rows are added during a read, and wherever it is interrupted, later reads miss no row', async () => {
  const property = fc.asyncProperty(shape, fc.array(step, { maxLength: 25 }), async (how, steps) => {
    const table = new Table(how, steps);
    for (let id = 0; id < 6; id += 1) table.rows.set(id, id + 1);
    const seen = new Map<number, number>();
    let state: State | undefined;
    // A read that finds no row takes no step.
    for (let run = 0; run < 50 && table.steps.length > 0; run += 1) state = await readOnce(table, seen, state);
    table.steps.length = 0;
    // Nothing changes any more: one read may have to end, and one reads what is new.
    for (let calm = 0; calm < 2; calm += 1) state = await readOnce(table, seen, state);
    for (const [id, at] of table.rows) {
      if (seen.get(id) !== at) throw new Error(`row ${id} is ${at}, and was last seen as ${seen.get(id)}`);
    }
  });
  await fc.assert(property, { numRuns: process.env.C8_SOAK ? 1000 : 250 });
});
