import { type Exactness, isC8Error } from 'c8connector';
import { anomalyReport } from 'c8connector-sql';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { converterOf, shortcutOf } from '../c8_source_postgres/convert.ts';
import { rowEncoder } from '../c8_source_postgres/copy-row.ts';
import type { Policies } from '../c8_source_postgres/schema.ts';
import type { PostgresType } from '../c8_source_postgres/types.ts';

const scalars: Readonly<Record<string, PostgresType>> = {
  boolean: { kind: 'boolean' },
  bit: { kind: 'bit' },
  integer: { kind: 'integer', minimum: 0, maximum: 9 },
  numeric: { kind: 'numeric' },
  'numeric(10,2)': { kind: 'numeric', precision: 10, scale: 2 },
  float: { kind: 'float', isSingle: false },
  money: { kind: 'money', scale: 3 },
  text: { kind: 'string' },
  json: { kind: 'json' },
  date: { kind: 'date' },
  time: { kind: 'time' },
  timetz: { kind: 'timetz' },
  timestamp: { kind: 'timestamp' },
  timestamptz: { kind: 'timestamptz' },
  interval: { kind: 'interval' },
  bytea: { kind: 'bytea' },
  hstore: { kind: 'hstore' },
};
const arrayOf = (items: PostgresType): PostgresType => ({ kind: 'array', depth: 1, delimiter: ',', items });
const types = Object.entries(scalars).flatMap(
  ([name, type]) =>
    [
      [name, type],
      [`${name}[]`, arrayOf(type)],
    ] as const,
);
types.push(['text[] in an array', arrayOf(arrayOf({ kind: 'string' }))]);

/** Server text for some type, from which bytes are removed, doubled and changed. */
const samples = [
  ...['t', '0', '-12', '007', '1.50', '-', '1e+30', 'NaN', '-Infinity', '$1,234.56', '-$0.01', '', 'NULL', 'a"\\b'],
  ...['{"a": [1, null, "\\ud800"]}', '"text"', '[1\n,2]', '2023-04-05', '0044-03-15 BC', 'infinity', '-infinity'],
  ...['12:34:56.5+02', '24:00:00-15:59:59', '2023-04-05 06:07:08.123456', '2023-04-05 06:07:08+00', 'P1Y2M3DT4H5M6.7S'],
  ...[
    '\\xdeadbeef',
    '\\x',
    '"a"=>"1", "b"=>NULL',
    '"a\\"b"=>"c\\\\"',
    '{1,2,NULL}',
    '{{"a","b\\"c"},{d,e}}',
    '[0:1]={7,8}',
  ],
  ...['{"{a,b}","{c}"}', '{}', '{"2023-04-05 06:07:08"}', '{"\\"a\\"=>\\"1\\""}', '{"\\\\xde"}', '{"$1,000.00"}'],
];
const edits = fc.array(fc.record({ at: fc.nat(40), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }), {
  maxLength: 3,
});
const edited = fc.tuple(fc.constantFrom(...samples), edits).map(([sample, changes]) => {
  const bytes = [...Buffer.from(sample)];
  for (const { at, remove, insert } of changes) bytes.splice(Math.min(at, bytes.length), remove, ...insert);
  return Uint8Array.from(bytes);
});
/** Bytes that are special to some parser. */
const marks = fc.array(fc.constantFrom(...Buffer.from('{}[]",;:\\=>- +.0129tfnNULTPSYe$x/\n')), { maxLength: 12 });
const value = fc.oneof(
  edited,
  marks.map((bytes) => Uint8Array.from(bytes)),
  fc.uint8Array({ maxLength: 12 }),
);
/** What follows a value: bytes that a parser which reads too far would take for the rest of it. */
const behind = fc.constantFrom(
  'CANARY',
  '"CANARY"',
  '"}CANARY',
  '9CANARY',
  ',CANARY}',
  '=>"CANARY"',
  '\\\\CANARY',
  ']',
);
const policies: fc.Arbitrary<Policies> = fc.record({
  out_of_range_dates: fc.constantFrom('clamp', 'null', 'text', 'fail'),
  special_numbers: fc.constantFrom('null', 'text', 'fail'),
  unbounded_numeric: fc.constantFrom('text', 'double', 'decimal(38,9)'),
  arrays: fc.constantFrom('declared', 'json'),
});
const exactness = fc.constantFrom<Exactness>('number', 'text');
const numRuns = process.env.C8_SOAK ? 2_000 : 150;

/** The JSON that `write` writes, as text with a character per byte, since valid UTF-8 is not tested here. Undefined for one of our errors. */
function attempt(write: () => Uint8Array): string | undefined {
  try {
    return Buffer.from(write()).toString('latin1');
  } catch (error) {
    if (isC8Error(error) && error.code === 'value_refused') return undefined;
    throw error;
  }
}

describe.each(types)('%s', (_name, type) => {
  const settingsOf = (each: Policies, exact: Exactness) => ({
    policies: each,
    exact,
    anomalies: anomalyReport('stream').of('c'),
  });

  function convert(text: Uint8Array, around: string, each: Policies, exact: Exactness): string | undefined {
    const settings = settingsOf(each, exact);
    const before = Buffer.from(around);
    const bytes = Uint8Array.from([...before, ...text, ...before]);
    const out = new Uint8Array(8 * text.length + 40 + 16).fill(0x21);
    return attempt(() => {
      const end = converterOf(type, settings)(bytes, before.length, before.length + text.length, out, 3);
      expect(end).toBeLessThanOrEqual(3 + 8 * text.length + 40);
      return out.subarray(3, end);
    });
  }

  test('stops at the end of a value: the bytes around it do not change the output, which is JSON', () => {
    fc.assert(
      fc.property(value, behind, policies, exactness, (text, around, each, exact) => {
        const alone = convert(text, '', each, exact);
        expect(convert(text, around, each, exact)).toBe(alone);
        if (alone !== undefined) JSON.parse(alone);
      }),
      { numRuns },
    );
  });

  test('writes the same bytes within a row as alone', () => {
    fc.assert(
      fc.property(value, policies, exactness, (text, each, exact) => {
        const settings = settingsOf(each, exact);
        const column = {
          name: 'c',
          isNullable: true,
          convert: converterOf(type, settings),
          shortcut: shortcutOf(type, settings),
        };
        const encoder = rowEncoder(
          [column, { name: 'd', isNullable: true, convert: converterOf({ kind: 'string' }, settings) }],
          'public-t',
        );
        const row = Buffer.concat([escapeCopy(text), Buffer.from('\tCANARY\n')]);
        const line = attempt(() => {
          encoder.add(row, 0, row.length);
          return encoder.rest()?.lines ?? new Uint8Array();
        });
        const alone = convert(text, '', each, exact);
        expect(line).toBe(alone === undefined ? undefined : `{"c":${alone},"d":"CANARY"}\n`);
      }),
      // Each has a page of a megabyte.
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });
});

/** Text as COPY writes it. */
function escapeCopy(text: Uint8Array): Buffer {
  const letters: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
  return Buffer.concat([...text].map((byte) => (letters[byte] ? Buffer.from(letters[byte]) : Buffer.from([byte]))));
}
