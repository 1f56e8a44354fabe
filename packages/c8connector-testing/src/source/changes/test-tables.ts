import { randomBytes } from 'node:crypto';
import type { Catalog } from 'c8connector';
import { errorText, Finding, NotRunnable } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import type { ChangesBackend } from './changes-backend.ts';
import { logCatalog } from './log-catalog.ts';
import { type Step, type TestTable, testTable } from './test-table.ts';

/** The tables of one check; disposing removes them. */
export interface TestTables<Tables extends readonly TestTable[] = readonly TestTable[]> extends AsyncDisposable {
  readonly tables: Tables;
  /** The catalog with all of them selected, to be read from the log. */
  readonly catalog: Catalog;
  /** The same with some of them. */
  select(...tables: readonly TestTable[]): Catalog;
  /** Commits some changes in one transaction. */
  commit(...steps: readonly Step[]): Promise<void>;
}

/** The backend that changes tables. Throws NotRunnable when there is none, or when it lacks something that the check needs. */
export function backendOf(
  { changes, connector }: SourceContext,
  ...needs: readonly ('truncate' | 'addColumn')[]
): ChangesBackend {
  if (changes === undefined && !connector.capabilities.includes('log-based'))
    throw new NotRunnable('the source follows no change log');
  if (changes === undefined)
    throw new NotRunnable(
      'the test has no way to change a table: changes: { create, insert, update, delete, truncate, addColumn, commit, drop }',
    );
  const missing = needs.find((name) => changes[name] === undefined);
  if (missing !== undefined) throw new NotRunnable(`changes has no ${missing}: the service cannot do it`);
  return changes;
}

/** Creates new tables for a check. Throws a Finding when the backend fails, or when discover does not find them. */
export async function openTables<const Names extends readonly string[]>(
  context: SourceContext,
  backend: ChangesBackend,
  ...names: Names
): Promise<TestTables<{ readonly [Name in keyof Names]: TestTable }>> {
  const made: string[] = [];
  const dispose = async (): Promise<void> => {
    for (const name of made) await dropQuietly(context, backend, name);
  };
  try {
    const tables: TestTable[] = [];
    for (const name of names) {
      // A random name, since an earlier test may have left its table.
      const table = `c8_${name}_${randomBytes(4).toString('hex')}`;
      const stream = await working('create', () => backend.create(table));
      made.push(table);
      tables.push(testTable(backend, table, stream));
    }
    const discovered = await discoverTables(context, tables);
    const select = (...chosen: readonly TestTable[]): Catalog => logCatalog(discovered, idsOf(chosen));
    return {
      tables: tables as { [Name in keyof Names]: TestTable },
      catalog: select(...tables),
      select,
      async commit(...steps) {
        await working('commit', () => backend.commit(steps.map(({ change }) => change)));
        for (const { note } of steps) note();
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function idsOf(tables: readonly TestTable[]): readonly string[] {
  return tables.map(({ stream }) => stream);
}

async function discoverTables(context: SourceContext, tables: readonly TestTable[]): Promise<Catalog> {
  const discovered = await context.makeConnector().discover(await context.config(), { log: context.log });
  const known = new Set(discovered.streams.map((entry) => entry.tap_stream_id));
  const missing = idsOf(tables).find((stream) => !known.has(stream));
  if (missing === undefined) return discovered;
  throw new Finding(`the stream '${missing}' in what discover gives, as create of changes has called it`, 'none');
}

/** Reports an error of the test's own backend as such, and not as one of the source. */
async function working<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Finding(`no error of ${name} of changes, which the test gives`, errorText(error), { cause: error });
  }
}

/** Drops a table, without failing: a table that stays does no harm to other checks. */
async function dropQuietly({ note }: SourceContext, backend: ChangesBackend, table: string): Promise<void> {
  try {
    await backend.drop?.(table);
  } catch (error) {
    note(`drop of changes has left the table ${table}: ${errorText(error)}`);
  }
}
