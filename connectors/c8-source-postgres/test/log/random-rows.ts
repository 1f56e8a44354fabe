import type { Random } from './changing-table.ts';

/** Creates an SQL literal. */
type Literal = (random: Random) => string;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const pick =
  <T>(...choices: readonly T[]) =>
  (random: Random): T =>
    choices[random(choices.length)] as T;
const digits = (random: Random, most: number): string =>
  Array.from({ length: 1 + random(most) }, () => random(10)).join('');
const characters = [
  'a',
  'Z',
  '"',
  '\\',
  '/',
  '\n',
  '\t',
  '\r',
  '\b',
  '\f',
  '\u0001',
  '\u001f',
  '\u007f',
  'é',
  '☃',
  '\u2028',
  '😀',
  ' ',
  "'",
  '{',
  '}',
  ',',
  '\\N',
  '\\.',
];
const text = (random: Random): string => Array.from({ length: random(12) }, () => pick(...characters)(random)).join('');
const number = (random: Random): string =>
  `${pick('', '-')(random)}${digits(random, 25)}${random(2) === 0 ? '' : `.${digits(random, 25)}`}`;
const two = (random: Random, from: number, count: number): string => String(from + random(count)).padStart(2, '0');
// The calendar of the server begins in 4714 BC.
const date = (random: Random): string => {
  const [year, era] = random(3) === 0 ? [1 + random(4700), ' BC'] : [1 + random(12_000), ''];
  return `${String(year).padStart(4, '0')}-${two(random, 1, 12)}-${two(random, 1, 28)}${era}`;
};
const time = (random: Random): string =>
  `${two(random, 0, 24)}:${two(random, 0, 60)}:${two(random, 0, 60)}${random(2) === 0 ? '' : `.${digits(random, 6)}`}`;
const zone = (random: Random): string =>
  `${pick('+', '-')(random)}${two(random, 0, 15)}:${pick('00', '30', '45')(random)}`;
const moment = (random: Random): string =>
  `${String(1 + random(9999)).padStart(4, '0')}-${two(random, 1, 12)}-${two(random, 1, 28)} ${time(random)}`;

function json(random: Random, depth = 0): string {
  const kind = random(depth > 2 ? 4 : 6);
  if (kind === 0) return pick('null', 'true', 'false')(random);
  if (kind === 1) return number(random).replace(/^(-?)0+(?=\d)/, '$1');
  if (kind < 4) return JSON.stringify(text(random));
  const items = Array.from({ length: random(4) }, () => json(random, depth + 1));
  return kind === 4 ? `[${items.join(' , ')}]` : `{${items.map((item, index) => `"k${index}":${item}`).join(',')}}`;
}

const list =
  (literal: Literal, type: string): Literal =>
  (random) =>
    `array[${Array.from({ length: random(4) }, () => (random(4) === 0 ? 'null' : literal(random))).join(',')}]::${type}[]`;

/** Types, with a generator of values for each. */
const types: Readonly<Record<string, Literal>> = {
  boolean: pick('true', 'false'),
  smallint: (random) => String(random(65_536) - 32_768),
  integer: (random) => String(random(2 ** 32) - 2 ** 31),
  bigint: (random) => `${pick('', '-')(random)}${digits(random, 18)}`,
  numeric: (random) => pick(number(random), number(random), "'NaN'", "'Infinity'")(random),
  'numeric(20,4)': (random) => `${pick('', '-')(random)}${digits(random, 15)}.${digits(random, 4)}`,
  real: (random) => pick(`'${number(random).slice(0, 20)}e${random(20) - 10}'`, "'NaN'", "'-Infinity'")(random),
  'double precision': (random) =>
    pick(`'${number(random)}e${random(400) - 200}'`, "'NaN'", "'Infinity'", "'-0'")(random),
  text: (random) => quoted(text(random)),
  'varchar(20)': (random) => quoted(text(random).slice(0, 9)),
  'char(8)': (random) => quoted(pick('', 'a', 'ab c', 'é')(random)),
  uuid: () => 'gen_random_uuid()',
  json: (random) => quoted(json(random)),
  jsonb: (random) => quoted(json(random).replaceAll('\\u0000', '')),
  bytea: (random) =>
    `decode('${Array.from({ length: random(20) }, () => random(256).toString(16).padStart(2, '0')).join('')}', 'hex')`,
  date: (random) => pick(quoted(date(random)), "'infinity'", "'-infinity'")(random),
  time: (random) => pick(quoted(time(random)), "'24:00'")(random),
  timetz: (random) => quoted(`${time(random)}${zone(random)}`),
  timestamp: (random) => pick(quoted(moment(random)), "'infinity'", "'-infinity'")(random),
  timestamptz: (random) => pick(quoted(`${moment(random)}${zone(random)}`), "'infinity'")(random),
  interval: (random) =>
    quoted(
      `${random(50) - 25} years ${random(20) - 10} mons ${random(40) - 20} days ${pick('', '-')(random)}${time(random)}`,
    ),
  money: (random) => `'${pick('', '-')(random)}${digits(random, 12)}.${digits(random, 2)}'`,
  inet: (random) => quoted(`10.${random(256)}.${random(256)}.${random(256)}/${random(33)}`),
  'bit(4)': (random) => `${random(16)}::bit(4)`,
  int4range: (random) => `int4range(${random(100)}, ${100 + random(100)})`,
  point: (random) => `point(${number(random).slice(0, 12)}, ${random(100)})`,
  'integer[]': (random) => list((inner) => String(inner(1000)), 'integer')(random),
  'text[]': (random) => list((inner) => quoted(text(inner)), 'text')(random),
  'numeric[]': (random) => list(number, 'numeric')(random),
  'timestamptz[]': (random) => list((inner) => quoted(`${moment(inner)}Z`), 'timestamptz')(random),
};

/** The statements that create a table of this name with columns of random types, and fill it with random rows. */
export function randomTable(
  random: Random,
  name: string,
  rows: number,
): { readonly table: string; readonly rows: string } {
  const columns = Array.from({ length: 8 }, () => pick(...Object.entries(types))(random));
  const values = Array.from({ length: rows }, (_, id) => {
    const row = columns.map(([, literal]) => (random(8) === 0 ? 'null' : literal(random)));
    return `(${[id, ...row].join(', ')})`;
  });
  const described = columns.map(([type], index) => `c${index} ${type}`);
  return {
    table: `create table ${name} (id int primary key, ${described.join(', ')})`,
    rows: `insert into ${name} values ${values.join(', ')}`,
  };
}
