import type { ServerName } from './harness.ts';

/** A UUID of version 4. */
const uuid = `insert(insert(insert(insert(insert(insert(left(sha2(n, 256), 32), 13, 1, '4'), 17, 1, 'a'), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')`;

/** Tables of 2,000 rows, by the type of their key; `n` goes from 1 to 2000. */
const keyed: Readonly<Record<string, readonly [columns: string, values: string]>> = {
  integers: ['id int primary key, other int', 'n, n'],
  large: ['id bigint unsigned primary key', '18446744073709551615 - n * n'],
  sparse: ['id bigint primary key', 'if(n = 1, -9223372036854775807, n)'],
  // Most rows belong to one tenant.
  composite: [
    'tenant varchar(20) collate utf8mb4_bin, id int, at date, primary key (tenant, id)',
    `if(n % 10 = 0, 'b\\t''\\\\', 'a'), n, now()`,
  ],
  deep: ['a int, b date, c varchar(10), primary key (a, b, c)', `n % 2, '2024-01-01', n`],
  uuids: ['id char(36) character set ascii primary key', uuid],
  bytes: ['id binary(16) primary key', 'unhex(left(sha2(n, 256), 32))'],
  variable: ['id varbinary(20) primary key', `concat('prefix', unhex(hex(n * 7)))`],
  texts: ['id varchar(20) collate utf8mb4_general_ci primary key', 'concat(char(65 + n % 26 + 32 * (n % 2)), n)'],
  accents: ['id varchar(20) collate utf8mb4_unicode_ci primary key', `concat(elt(1 + n % 4, 'é', 'Ω', '國', 'Ж'), n)`],
  western: ['id varchar(20) character set latin1 primary key', `concat('Straße? ', n)`],
  chinese: ['id varchar(20) character set gbk primary key', `concat(elt(1 + n % 2, '中', '國'), n)`],
  numerics: ['id decimal(65,20) primary key', '(n - 1000) / 7.0'],
  days: ['id date primary key', `if(n = 1, '0000-00-00', '2000-01-01' + interval n day)`],
  moments: ['id datetime(6) primary key', `'2024-01-01' + interval n * 1000001 microsecond`],
  stamps: ['id timestamp(3) primary key', `'2024-01-01' + interval n * 1001000 microsecond`],
  times: ['id time(2) primary key', 'sec_to_time((n - 1000) * 100)'],
  parted: ['id int primary key, other int', 'n, n'],
  secondary: ['id varchar(20) not null unique, other int', 'n, n'],
  myisam: ['id int primary key, other int', 'n, n'],
};

const options: Readonly<Record<string, string>> = {
  parted: ' partition by hash (id) partitions 3',
  myisam: ' engine=MyISAM',
};

/** Begins a query of the numbers `n` from 1 to 2000 in `ns`. */
export const numbers = 'with recursive ns as (select 1 as n union all select n + 1 from ns where n < 2000)';

function tablesOf(server: ServerName): Readonly<typeof keyed> {
  return server === 'MySQL'
    ? {
        ...keyed,
        computed: ['id int not null unique, other int, unique ((other + 1)), unique (id, (other + 1))', 'n, n'],
      }
    : { ...keyed, native: ['id uuid primary key', uuid] };
}

/** The names of the tables. */
export function keyedNames(server: ServerName): readonly string[] {
  return Object.keys(tablesOf(server));
}

/** The statements that create and fill them. */
export function keyedTables(server: ServerName): readonly string[] {
  return [
    `set session ${server === 'MySQL' ? 'cte_max_recursion_depth' : 'max_recursive_iterations'} = 10000`,
    ...Object.entries(tablesOf(server)).flatMap(([name, [columns, values]]) => [
      `create table ${name} (${columns})${options[name] ?? ''}`,
      `insert into ${name} ${numbers} select ${values} from ns`,
    ]),
  ];
}
