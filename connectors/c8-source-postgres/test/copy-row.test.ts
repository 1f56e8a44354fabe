import { anomalyReport } from 'c8connector-sql';
import { describe, expect, test } from 'vitest';
import { converterOf, shortcutOf } from '../c8_source_postgres/convert.ts';
import { rowEncoder } from '../c8_source_postgres/copy-row.ts';
import type { PostgresType } from '../c8_source_postgres/types.ts';

const types: Readonly<Record<string, PostgresType>> = {
  date: { kind: 'date' },
  integer: { kind: 'integer', minimum: 0, maximum: 9 },
  numeric: { kind: 'numeric' },
  boolean: { kind: 'boolean' },
  text: { kind: 'string' },
};

const policies = {
  out_of_range_dates: 'clamp',
  special_numbers: 'null',
  unbounded_numeric: 'text',
  arrays: 'declared',
} as const;

function encode(names: readonly string[], row: string): unknown[] {
  const report = anomalyReport('t');
  const columns = names.map((name, index) => {
    const type = types[name];
    if (type === undefined) throw new Error(name);
    const settings = { policies, exact: 'number', anomalies: report.of(name) } as const;
    return {
      name: `${index}`,
      isNullable: true,
      convert: converterOf(type, settings),
      shortcut: shortcutOf(type, settings),
    };
  });
  const encoder = rowEncoder(columns, 'public-t');
  // The memory after it contains a row that must not be read.
  const bytes = Buffer.from(`${row}d\0\0-\x10-\t-\t-\n`);
  encoder.add(bytes, 0, Buffer.byteLength(row));
  return Object.values(JSON.parse(Buffer.from(encoder.rest()?.lines ?? []).toString()));
}

describe('a field is read up to its end, whatever follows it', () => {
  const values: Readonly<Record<string, readonly [string, unknown][]>> = {
    date: [
      ['\\N', null],
      ['2024-01-02', '2024-01-02'],
      ['infinity', '9999-12-31'],
    ],
    text: [
      ['x-abcde', 'x-abcde'],
      ['', ''],
      ['-', '-'],
      ['\\N', null],
      ['a-b-c-d-e-f-g', 'a-b-c-d-e-f-g'],
    ],
    integer: [
      ['7', 7],
      ['-7', -7],
      ['\\N', null],
    ],
    numeric: [
      ['1.50', 1.5],
      ['NaN', null],
    ],
    boolean: [['t', true]],
  };
  const fields = Object.entries(values).flatMap(([name, pairs]) =>
    pairs.map(([text, value]) => ({ name, text, value })),
  );
  const pairs = fields.flatMap((one) => fields.map((other) => [one, other] as const));

  test('for each pair of types and values', () => {
    for (const [one, other] of pairs) {
      const row = `${one.text}\t${other.text}\n`;
      expect(encode([one.name, other.name], row), JSON.stringify(row)).toEqual([one.value, other.value]);
    }
  });

  test('a row with more or fewer fields than columns is refused, in every type', () => {
    for (const [one, other] of pairs) {
      const names = [one.name, other.name];
      for (const row of [
        `${one.text}\n`,
        `${one.text}\t${other.text}\t${one.text}\n`,
        `${one.text}\t${other.text}`,
        '\n',
      ])
        expect(() => encode(names, row), JSON.stringify(row)).toThrow(/public-t: .*(fields instead of 2|line break)/);
    }
  });
});
