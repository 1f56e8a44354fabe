/** Alterations of a table between two rows, and what must be read of them. */
export const made = `create table t (id int primary key, a varchar(20), b int unsigned, c enum('x','y'))`;
export const row = (id: number) => `insert into t values (${id}, 'one', 4000000000, 'y')`;
export const whole = (id: number) => ({ id, a: 'one', b: 4000000000, c: 'y' });

export interface Drift {
  readonly title: string;
  readonly alter: readonly string[];
  readonly after: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

export const drifts: readonly Drift[] = [
  {
    title: 'a dropped column',
    alter: ['alter table t drop column a'],
    after: `insert into t values (2, 7, 'x')`,
    expected: { id: 2, b: 7, c: 'x' },
  },
  {
    title: 'a column in the middle',
    alter: ['alter table t add column m int after id'],
    after: `insert into t values (2, 5, 'a', 7, 'x')`,
    expected: { id: 2, m: 5, a: 'a', b: 7, c: 'x' },
  },
  {
    title: 'a renamed column',
    alter: ['alter table t change b d int unsigned'],
    after: `insert into t values (2, 'a', 7, 'x')`,
    expected: { id: 2, a: 'a', d: 7, c: 'x' },
  },
  {
    title: 'names that were swapped',
    alter: ['alter table t change a b varchar(20), change b a int unsigned'],
    after: `insert into t (id, a, b) values (2, 7, 'b')`,
    expected: { id: 2, a: 7, b: 'b', c: null },
  },
  {
    title: 'another order',
    alter: ['alter table t modify b int unsigned first'],
    after: `insert into t (id, b) values (2, 7)`,
    expected: { id: 2, a: null, b: 7, c: null },
  },
  {
    title: 'another type',
    alter: ['alter table t modify b varchar(30)', 'alter table t modify a text'],
    after: `insert into t values (2, 'a', 'seven', 'x')`,
    expected: { id: 2, a: 'a', b: 'seven', c: 'x' },
  },
  {
    title: 'other labels',
    alter: [`alter table t modify c enum('z','y','x')`],
    after: `insert into t values (2, 'a', 7, 'z')`,
    expected: { id: 2, a: 'a', b: 7, c: 'z' },
  },
  {
    title: 'a column that is dropped and added again',
    alter: ['alter table t drop column b', 'alter table t add column b varchar(9) after a'],
    after: `insert into t values (2, 'a', 'b', 'x')`,
    expected: { id: 2, a: 'a', b: 'b', c: 'x' },
  },
];

export function rowsOf(lines: readonly string[]): readonly unknown[] {
  return lines.map((line) => {
    const { _sdc_deleted_at: _, ...own } = JSON.parse(line);
    return own;
  });
}
