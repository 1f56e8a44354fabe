import { describe, expect, test } from 'vitest';
import { date, testTypes, text, time, timestamp, timestamptz, timetz } from './type-table.ts';

const readValues = testTypes([
  [
    'date',
    date,
    [
      ["'2023-04-05'", '"2023-04-05"'],
      ["'0044-03-15'", '"0044-03-15"'],
      ["'infinity'", '"9999-12-31"'],
      ["'-infinity'", '"0001-01-01"'],
      ["'0044-03-15 BC'", '"0001-01-01"'],
      ["'20000-01-01'", '"9999-12-31"'],
    ],
  ],
  [
    'time',
    time,
    [
      ["'12:34:56.789'", '"12:34:56.789"'],
      ["'24:00:00'", '"24:00:00"'],
    ],
  ],
  [
    'timetz',
    timetz,
    [
      ["'12:34:56.5+02'", '"12:34:56.5+02:00"'],
      ["'01:02:03+05:30'", '"01:02:03+05:30"'],
      ["'01:02:03-15:59:59'", '"01:02:03-15:59"'],
      ["'24:00:00+00'", '"23:59:59.999999+00:00"'],
    ],
  ],
  [
    'timestamp',
    timestamp,
    [
      ["'2023-04-05 06:07:08.123456'", '"2023-04-05T06:07:08.123456+00:00"'],
      ["'2023-04-05 06:07:08'", '"2023-04-05T06:07:08+00:00"'],
      ["'infinity'", '"9999-12-31T23:59:59.999999+00:00"'],
      ["'-infinity'", '"0001-01-01T00:00:00+00:00"'],
      ["'0044-03-15 01:02:03 BC'", '"0001-01-01T00:00:00+00:00"'],
      ["'20000-01-01 00:00:00'", '"9999-12-31T23:59:59.999999+00:00"'],
    ],
  ],
  [
    'timestamptz',
    timestamptz,
    [
      ["'2023-04-05 06:07:08.5+03'", '"2023-04-05T03:07:08.5+00:00"'],
      ["'infinity'", '"9999-12-31T23:59:59.999999+00:00"'],
      ["'0044-03-15 01:02:03+00 BC'", '"0001-01-01T00:00:00+00:00"'],
    ],
  ],
  [
    'interval',
    { ...text, 'x-c8-type': 'interval' },
    [
      ["'1 year 2 mons 3 days 04:05:06.7'", '"P1Y2M3DT4H5M6.7S"'],
      ["'-1 day'", '"P-1D"'],
      ["'infinity'", '"P178000000Y"'],
      ["'-infinity'", '"P-178000000Y"'],
    ],
  ],
]);

describe('with decimals as text, lines', () => {
  test.each([['date', "'2023-04-05'", '"2023-04-05"']])('hold %s %s as %s', async (type, literal, expected) => {
    expect((await readValues(type, [literal], { exact: 'text' })).json).toBe(expected);
  });
});

describe('out_of_range_dates', () => {
  test('clamp changes them, and logs the number once per column', async () => {
    const { warnings } = await readValues('date', ["'infinity'", "'-infinity'", "'2023-04-05'"]);
    expect(warnings).toEqual([expect.stringMatching(/^2 dates of the column c .* clamped$/)]);
  });

  test('null writes null, also in a column that is NOT NULL', async () => {
    const { json: value, schema } = await readValues('timestamp not null', ["'infinity'"], {
      config: { out_of_range_dates: 'null' },
    });
    expect({ value, schema }).toEqual({ value: 'null', schema: timestamp });
  });

  test('text keeps them, and the column is text', async () => {
    const { json: value, schema } = await readValues('date', ["'0044-03-15 BC'"], {
      config: { out_of_range_dates: 'text' },
    });
    expect({ value, schema }).toEqual({ value: '"0044-03-15 BC"', schema: text });
  });

  test('fail names the column and the value', async () => {
    const reading = readValues('timestamptz', ["'infinity'"], { config: { out_of_range_dates: 'fail' } });
    await expect(reading).rejects.toMatchObject({
      code: 'value_refused',
      message: expect.stringContaining('infinity'),
    });
  });
});
