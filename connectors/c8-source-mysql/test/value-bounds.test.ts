import { type Exactness, isC8Error } from 'c8connector';
import { anomalyReport } from 'c8connector-sql';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { converterOf, shortcutOf } from '../c8_source_mysql/convert.ts';
import { rowEncoder } from '../c8_source_mysql/copy-row.ts';
import type { Policies } from '../c8_source_mysql/schema.ts';
import type { MysqlType } from '../c8_source_mysql/types.ts';

const types: Readonly<Record<string, MysqlType>> = {
  boolean: { kind: 'boolean' },
  bit: { kind: 'bit' },
  bits: { kind: 'bits', length: 10 },
  integer: { kind: 'integer', minimum: 0, maximum: 9 },
  numeric: { kind: 'numeric', precision: 10, scale: 2 },
  float: { kind: 'float', isSingle: true, isRounded: true },
  double: { kind: 'float', isSingle: false, isRounded: false },
  text: { kind: 'string' },
  'text that may be invalid': { kind: 'string', mayBeInvalid: true },
  json: { kind: 'json' },
  date: { kind: 'date' },
  time: { kind: 'time' },
  timestamp: { kind: 'timestamp' },
  timestamptz: { kind: 'timestamptz' },
  year: { kind: 'year' },
  binary: { kind: 'binary' },
  geometry: { kind: 'geometry' },
  vector: { kind: 'vector' },
};

/** Server text for some type, from which bytes are removed, doubled and changed. */
const samples = [
  ...[
    '0',
    '1',
    '-12',
    '007',
    '1.50',
    '00012.50',
    '-',
    '-0',
    '1e15',
    '1e-7',
    '0.0000001',
    '0000',
    '',
    'a"\\b',
    '5e-324',
  ],
  ...['{"a": [1, null, "\\ud800"]}', '"text"', '[1\n,2]', '2023-04-05', '2023-02-31', '0000-00-00', '-838:59:59.5'],
  ...['2023-04-05 06:07:08.123000', '2023-04-05 06:07:08.000', '2023-04-05 06:07:08', '2023-04-05 06:07:08.'],
].map((text) => Buffer.from(text));
/** Geometries, vectors, and halves of a surrogate pair. */
const binarySamples = [
  '000000000101000000000000000000f83f00000000000000c0',
  'e61000000107000000020000000101000000000000000000f83f00000000000000c0010200000000000000',
  '110f000001040000000100000001010000000000000000000000000000000000f0ff',
  '0000803f000000c0',
  'eda0bdedb880',
  '61eda0bd',
  '03ff',
].map((hex) => Buffer.from(hex, 'hex'));
const edits = fc.array(fc.record({ at: fc.nat(40), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }), {
  maxLength: 3,
});
const edited = fc.tuple(fc.constantFrom(...samples, ...binarySamples), edits).map(([sample, changes]) => {
  const bytes = [...sample];
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
const behind = fc.constantFrom('CANARY', '"CANARY"', '"}CANARY', '9CANARY', ',CANARY}', '\\\\CANARY', ']');
const policies: fc.Arbitrary<Policies> = fc.record({ out_of_range_dates: fc.constantFrom('null', 'text', 'fail') });
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

describe.each(Object.entries(types))('%s', (_name, type) => {
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
        const row = Buffer.concat([field(text), field(Buffer.from('CANARY'))]);
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

/** A short field as the text protocol has it. */
function field(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
