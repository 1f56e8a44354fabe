import { builtColumn, type ColumnType, columnBuilder, putDecimal, putInt64 } from 'c8connector';
import { expect, test } from 'vitest';
import { scanRow } from '../c8_source_postgres/scan-row.ts';

/** Texts that a column of numbers can contain, and many that it cannot. */
const digits = ['', '0', '7', '00', '12', '999999999', '1234567890', '2147483648', '4294967296', '99999999999999999'];
const fractions = [
  '',
  '.',
  '.0',
  '.5',
  '.00',
  '.05',
  '.99',
  '.123',
  '.123456789',
  '.999999999999999',
  '.123456789012345678',
  '.1.2',
];
const texts = ['', '-', '--', '+'].flatMap((sign) =>
  digits.flatMap((whole) => fractions.map((fraction) => `${sign}${whole}${fraction}`)),
);

const columns: readonly [string, ColumnType][] = [
  ['bigint', { kind: 'integer', minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n }],
  ...[
    [1, 0],
    [2, 2],
    [9, 2],
    [9, 9],
    [10, 2],
    [15, 2],
    [18, 0],
    [18, 9],
    [18, 18],
  ].map(([precision = 0, scale = 0]): [string, ColumnType] => [
    `numeric(${precision},${scale})`,
    { kind: 'decimal', precision, scale },
  ]),
];

test.each(columns)('%s: the fast path reads the same values, or leaves the row to the general path', (_, type) => {
  let scanned = 0;
  for (const text of texts) {
    const bytes = new TextEncoder().encode(`${text}\n`);
    const quick = columnBuilder(type, 1);
    const { scale, precision } = type.kind === 'decimal' ? type : { scale: 0, precision: 18 };
    const scans = [{ kind: 'number', scale, precision }] as const;
    const place = { index: 0, at: 0 };
    if (scanRow(scans, [quick], bytes, bytes.length, 0, place) < 0) {
      expect(place, text).toEqual({ index: 0, at: 0 });
      continue;
    }
    quick.count = 1;
    scanned += 1;
    const general = columnBuilder(type, 1);
    const put = type.kind === 'decimal' ? putDecimal : putInt64;
    expect(put(general, bytes, 0, text.length), text).toBe(true);
    expect(builtColumn(quick), text).toEqual(builtColumn(general));
  }
  expect(scanned).toBeGreaterThan(0);
});
