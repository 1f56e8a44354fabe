// Takes about 20 s.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Batch, type ColumnValues, isC8Error, type ValueSchema } from '../../../src/index.ts';
import { type Random, randomOf } from '../../simulation/random.ts';

const schemas: Readonly<Record<string, ValueSchema>> = {
  integer: { type: 'integer' },
  int32: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  int16: { type: 'integer', minimum: -32768, maximum: 32767 },
  price: { type: 'number', 'x-c8-type': 'numeric(10,2)' },
  short: { type: 'number', 'x-c8-type': 'numeric(18,6)' },
  long: { type: 'number', 'x-c8-type': 'numeric(38,10)' },
  double: { type: 'number' },
  date: { type: 'string', format: 'date' },
  moment: { type: 'string', format: 'date-time' },
  text: { type: 'string' },
  binary: { type: 'string', contentEncoding: 'base64' },
  boolean: { type: 'boolean' },
  list: { type: 'array', items: { type: ['integer', 'null'] } },
};
const kinds = Object.keys(schemas);
const records = 100_000;
const seed = Number(process.env.C8_SEED ?? 1);

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.log('skipped the comparison with Python: there is no python3');

test.skipIf(!hasPython)(
  `${records} values of seed ${seed} are stored, or refused, as Python reads them`,
  { timeout: 300_000 },
  () => {
    const random = randomOf(seed);
    const pairs = Array.from({ length: records }, () => {
      const kind = kinds[random.below(kinds.length)] as string;
      return { kind, json: drawJson(random, kind) };
    });
    const script = fileURLToPath(new URL('reading.py', import.meta.url));
    const input = pairs.map(({ kind, json }) => `${kind}\t${json}\n`).join('');
    const python = spawnSync('python3', [script], { input, maxBuffer: 1 << 28, encoding: 'utf8' });
    expect(python.stderr).toBe('');
    const answers = python.stdout.slice(0, -1).split('\n');
    expect(answers).toHaveLength(records);
    const differing = pairs.flatMap(({ kind, json }, index) => {
      const stored = storedAs(kind, json);
      return stored === answers[index] ? [] : [`${kind} ${json}: ${stored}, and Python has ${answers[index]}`];
    });
    expect(differing.slice(0, 20)).toEqual([]);
    // Neither side may refuse all.
    for (const kind of kinds) {
      const own = answers.filter((_, index) => pairs[index]?.kind === kind);
      const refused = own.filter((answer) => answer === 'refused').length;
      expect(refused / own.length, kind).toBeGreaterThan(0.02);
      expect(refused / own.length, kind).toBeLessThan(0.98);
    }
  },
);

function storedAs(kind: string, json: string): string {
  const schema = { type: 'object', properties: { x: schemas[kind] ?? {} } } as const;
  const line = new TextEncoder().encode(`{"x":${json}}\n`);
  const header = { stream: 's', schema, extractedAt: '', exact: 'number' } as const;
  try {
    const [column] = Batch.ofLines(header, line, 1).columns();
    return column === undefined ? 'nothing' : shown(column, 0);
  } catch (error) {
    if (isC8Error(error) && error.code === 'value_unstorable') return 'refused';
    throw error;
  }
}

function shown(column: ColumnValues, at: number): string {
  if (column.nulls?.[at] === 1) return 'null';
  switch (column.kind) {
    case 'boolean':
    case 'int32':
      return String(column.values[at]);
    case 'int64':
      return String(
        (BigInt(column.values[2 * at + 1] as number) << 32n) | BigInt((column.values[2 * at] as number) >>> 0),
      );
    case 'double': {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, column.values[at] as number);
      return view.getBigUint64(0).toString(16).padStart(16, '0');
    }
    case 'decimal128': {
      const view = new DataView(column.values.buffer, 16 * at, 16);
      return String((view.getBigInt64(0) << 64n) | view.getBigUint64(8));
    }
    case 'bytes':
      return Buffer.from(column.bytes.slice(at === 0 ? 0 : column.ends[at - 1], column.ends[at])).toString('hex');
    case 'list': {
      const from = at === 0 ? 0 : (column.ends[at - 1] as number);
      const items = Array.from({ length: (column.ends[at] as number) - from }, (_, item) =>
        shown(column.items, from + item),
      );
      return `[${items.join(',')}]`;
    }
  }
}

/** A JSON value that is likely of the kind, or nearly, or not at all. */
function drawJson(random: Random, kind: string): string {
  if (random.chance(0.05))
    return random.pick(['null', 'true', 'false', '{}', '[]', '{"a":1.10}', '[1]', '""', '"x"', '0', '-0']);
  if (kind === 'list') return `[${Array.from({ length: random.below(5) }, () => drawListItem(random)).join(',')}]`;
  if (kind === 'boolean') return random.pick(['true', 'false', '"true"', '"false"', '1', '"yes"', '"TRUE"']);
  if (kind === 'text') return drawText(random);
  if (kind === 'binary') return JSON.stringify(drawBase64(random));
  if (kind === 'date' || kind === 'moment') return JSON.stringify(drawMoment(random, kind === 'moment'));
  const number = drawNumber(random);
  return random.chance(0.2) ? JSON.stringify(number) : number;
}

function drawListItem(random: Random): string {
  return random.chance(0.9) ? String(random.below(1000)) : random.pick(['null', '1.5', '"7"', '[1]', '{}']);
}

function digits(random: Random, most: number): string {
  const count = 1 + random.below(most);
  const text = Array.from({ length: count }, () => (random.chance(0.3) ? 0 : random.below(10))).join('');
  return text.replace(/^0+(?=.)/, '');
}

function drawNumber(random: Random): string {
  const edges = [
    '9223372036854775807',
    '9223372036854775808',
    '2147483648',
    '32768',
    '9007199254740993',
    '5e-324',
    '1e308',
    '1.7976931348623157e308',
    '1e309',
    '4294967296',
    '99999999.99',
    '0.1',
    '1e-7',
    '100000000',
  ] as const;
  const sign = random.chance(0.3) ? '-' : '';
  if (random.chance(0.1)) return `${sign}${random.pick(edges)}`;
  const whole = digits(random, random.pick([1, 5, 12, 20, 40]));
  const fraction = random.chance(0.5)
    ? `.${digits(random, random.pick([1, 2, 6, 12, 20]))}${'0'.repeat(random.below(3))}`
    : '';
  const exponent = random.chance(0.1)
    ? `${random.pick(['e', 'E'])}${random.pick(['', '+', '-'])}${random.below(40)}`
    : '';
  return `${sign}${whole}${fraction}${exponent}`;
}

function drawMoment(random: Random, isMoment: boolean): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const year = random.pick([
    '0000',
    '0001',
    '1582',
    '1900',
    '1969',
    '1970',
    '2000',
    '2023',
    '2024',
    '2255',
    '2256',
    '9999',
    '10000',
    '24',
  ]);
  const date = `${year}-${two(random.below(14))}-${two(random.below(33))}`;
  if (random.chance(isMoment ? 0.1 : 0.7)) return date;
  const clock = isMoment || random.chance(0.3) ? `${two(random.below(25))}:${two(random.below(61))}` : '00:00';
  const seconds = random.chance(0.8) ? `:${isMoment ? two(random.below(61)) : '00'}` : '';
  const fraction = seconds !== '' && random.chance(0.6) ? `.${digits(random, 9)}` : '';
  const zone = random.pick([
    '',
    'Z',
    'z',
    '+00:00',
    '+0530',
    '-11:30',
    ' +02',
    '+24:00',
    ' Z',
    'Europe/Berlin',
    '+05:60',
    '-00',
  ]);
  return `${date}${random.pick(['T', 't', ' ', 'x'])}${clock}${seconds}${fraction}${zone}`;
}

function drawText(random: Random): string {
  const pieces = [
    'a',
    'é',
    '😀',
    '\\n',
    '\\"',
    '\\\\',
    '\\u00e9',
    '\\ud83d\\ude00',
    '\\ud800',
    '\\udc00',
    ' ',
    '\\/',
    '1.10',
    '\\u0000',
  ] as const;
  if (random.chance(0.1)) return drawNumber(random);
  const length = random.below(6);
  return `"${Array.from({ length }, () => random.pick(random.chance(0.9) ? ['a', 'é', '\\n', '😀', '\\u00e9'] : pieces)).join('')}"`;
}

function drawBase64(random: Random): string {
  const bytes = Buffer.from(Array.from({ length: random.below(8) }, () => random.below(256))).toString('base64');
  if (random.chance(0.6)) return bytes;
  return random.pick([
    bytes.replace(/=+$/, ''),
    `${bytes}=`,
    `${bytes}A`,
    bytes.slice(1),
    `-${bytes.slice(1)}`,
    ` ${bytes}`,
  ]);
}
