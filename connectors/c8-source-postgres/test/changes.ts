/** What another transaction does to a table while its copy waits for a lock, and the rows that must be read afterwards. */
export interface Change {
  readonly table: string;
  readonly before: string;
  readonly change: string;
  readonly rows: readonly unknown[];
}

const listed: readonly Change[] = [
  {
    table: 'columns_swapped',
    before: `create table columns_swapped (id int, a int, b text); insert into columns_swapped values (1, 10, 'x')`,
    change: `alter table columns_swapped rename a to c; alter table columns_swapped rename b to a; alter table columns_swapped rename c to b`,
    rows: [{ id: 1, b: 10, a: 'x' }],
  },
  {
    table: 'type_of_other_bytes',
    before: 'create table type_of_other_bytes (id int, a int); insert into type_of_other_bytes values (1, 10)',
    change: `alter table type_of_other_bytes alter a type text using '","id":' || a`,
    rows: [{ id: 1, a: '","id":10' }],
  },
  {
    table: 'type_of_same_bytes',
    before: 'create table type_of_same_bytes (id int, a int); insert into type_of_same_bytes values (1, 10)',
    change: 'alter table type_of_same_bytes alter a type bigint',
    rows: [{ id: 1, a: 10 }],
  },
  {
    table: 'other_scale',
    before: 'create table other_scale (id int, a numeric(10,2)); insert into other_scale values (1, 1.25)',
    change: 'alter table other_scale alter a type numeric(10,3) using a + 0.001',
    rows: [{ id: 1, a: 1.251 }],
  },
  {
    table: 'domain_to_other',
    before: `create domain count as int; create domain label as text; create table domain_to_other (id count, a count); insert into domain_to_other values (1, 2)`,
    change: `alter table domain_to_other alter a type label using 'two'`,
    rows: [{ id: 1, a: 'two' }],
  },
  {
    table: 'not_null_dropped',
    before: 'create table not_null_dropped (id int, a int not null); insert into not_null_dropped values (1, 10)',
    change: 'alter table not_null_dropped alter a drop not null; insert into not_null_dropped values (2, null)',
    rows: [
      { id: 1, a: 10 },
      { id: 2, a: null },
    ],
  },
  {
    table: 'column_added',
    before: 'create table column_added (id int); insert into column_added values (1)',
    change: 'alter table column_added add column more text default random()',
    rows: [{ id: 1 }],
  },
  {
    table: 'column_dropped',
    before: 'create table column_dropped (id int, a int, b int); insert into column_dropped values (1, 2, 3)',
    change: 'alter table column_dropped drop column a',
    rows: [{ id: 1, b: 3 }],
  },
  {
    table: 'reloaded',
    before: 'create table reloaded (id int); insert into reloaded values (1), (2)',
    change: 'truncate reloaded; insert into reloaded select generate_series(3, 5)',
    rows: [{ id: 3 }, { id: 4 }, { id: 5 }],
  },
  {
    table: 'rewritten',
    before: 'create table rewritten (id int, a int); insert into rewritten values (1, 10)',
    change: 'alter table rewritten alter a type int using a + 1',
    rows: [{ id: 1, a: 11 }],
  },
  {
    table: 'replaced',
    before: 'create table replaced (id int, a int); insert into replaced values (1, 10)',
    change: `create table new (id int primary key, a text); insert into new values (2, 'new'); drop table replaced; alter table new rename to replaced`,
    rows: [{ id: 2, a: 'new' }],
  },
  {
    table: 'replaced_alike',
    before: 'create table replaced_alike (id int); insert into replaced_alike values (1)',
    change: `create table alike (id int not null); insert into alike values (2); drop table replaced_alike; alter table alike rename to replaced_alike`,
    rows: [{ id: 2 }],
  },
  {
    table: 'refreshed',
    before: `create table source (id int); insert into source values (1); create materialized view refreshed as select id from source`,
    change: 'truncate source; insert into source values (2), (3); refresh materialized view refreshed',
    rows: [{ id: 2 }, { id: 3 }],
  },
  {
    table: 'part_reloaded',
    before: `create table part_reloaded (id int) partition by range (id); create table part_one partition of part_reloaded for values from (0) to (10);
      create table part_two partition of part_reloaded for values from (10) to (20); insert into part_reloaded values (1), (11)`,
    change: 'truncate part_two; insert into part_two values (12), (13)',
    rows: [{ id: 1 }, { id: 12 }, { id: 13 }],
  },
  {
    table: 'view_of_reloaded',
    before:
      'create table below (id int); insert into below values (1); create view view_of_reloaded as select id from below',
    change: 'truncate below; insert into below values (2), (3)',
    rows: [{ id: 2 }, { id: 3 }],
  },
  {
    table: 'view_replaced',
    before: 'create view view_replaced as select 1 as id, 2 as a',
    change: `drop view view_replaced; create view view_replaced as select 1 as id, 'text'::text as a`,
    rows: [{ id: 1, a: 'text' }],
  },
  {
    table: 'foreign_type',
    before: `create table remote (id int, a int); insert into remote values (1, 2);
      create foreign table foreign_type (id int, a int) server self options (schema_name 'public', table_name 'remote')`,
    change: 'alter foreign table foreign_type alter a type text',
    rows: [{ id: 1, a: '2' }],
  },
];

/** In the order in which the streams are read. */
export const changes: readonly Change[] = listed.toSorted((one, other) => (one.table < other.table ? -1 : 1));
