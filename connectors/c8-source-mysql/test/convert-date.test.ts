import { describe, expect, test } from 'vitest';
import { describeServers } from './harness.ts';
import { date, testTypes, text, time, timestamp, timestamptz } from './type-table.ts';

describeServers('dates and times', (server) => {
  const readValues = testTypes(server, [
    [
      'date',
      date,
      [
        ["'2023-04-05'", '"2023-04-05"'],
        ["'0001-01-01'", '"0001-01-01"'],
        ["'9999-12-31'", '"9999-12-31"'],
        ["'2024-02-29'", '"2024-02-29"'],
        ["'0000-00-00'", 'null'],
        ["'2023-02-00'", 'null'],
        ["'2023-00-00'", 'null'],
        ["'0000-01-01'", 'null'],
        ["'2023-02-31'", 'null'],
        ["'2023-02-29'", 'null'],
        ["'1900-02-29'", 'null'],
        ["'2023-04-31'", 'null'],
        ['null', 'null'],
      ],
    ],
    [
      'datetime',
      timestamp,
      [
        ["'2023-04-05 06:07:08'", '"2023-04-05T06:07:08+00:00"'],
        ["'9999-12-31 23:59:59'", '"9999-12-31T23:59:59+00:00"'],
        ["'0000-00-00 00:00:00'", 'null'],
        ["'2023-00-00 10:00:00'", 'null'],
        ["'0000-01-01 00:00:00'", 'null'],
        ["'2023-06-31 00:00:00'", 'null'],
      ],
    ],
    [
      'datetime(6)',
      timestamp,
      [
        ["'2023-04-05 06:07:08.123456'", '"2023-04-05T06:07:08.123456+00:00"'],
        ["'2023-04-05 06:07:08.5'", '"2023-04-05T06:07:08.5+00:00"'],
        ["'2023-04-05 06:07:00'", '"2023-04-05T06:07:00+00:00"'],
        ["'9999-12-31 23:59:59.999999'", '"9999-12-31T23:59:59.999999+00:00"'],
        ["'2023-06-31 00:00:00.5'", 'null'],
      ],
    ],
    [
      'timestamp(3) null',
      timestamptz,
      [
        ["'2023-04-05 06:07:08.12'", '"2023-04-05T06:07:08.12+00:00"'],
        ["'1970-01-01 00:00:01'", '"1970-01-01T00:00:01+00:00"'],
        ["'2038-01-19 03:14:07.999'", '"2038-01-19T03:14:07.999+00:00"'],
        ["'0000-00-00 00:00:00'", 'null'],
        ['null', 'null'],
      ],
    ],
    [
      'time',
      time,
      [
        ["'12:34:56'", '"12:34:56"'],
        ["'-838:59:59'", '"-838:59:59"'],
        ["'838:59:59'", '"838:59:59"'],
        ["'24:00:00'", '"24:00:00"'],
      ],
    ],
    [
      'time(3)',
      time,
      [
        ["'-00:00:01.5'", '"-00:00:01.500"'],
        ["'-00:00:00.1'", '"-00:00:00.100"'],
        ["'100:00:00'", '"100:00:00.000"'],
      ],
    ],
  ]);

  test('a timestamp is read in UTC, whatever the time zone of the server is', async () => {
    const { json } = await readValues('timestamp null', ["'2023-07-01 12:00:00'"]);
    expect(json).toBe('"2023-07-01T12:00:00+00:00"');
  });

  describe('out_of_range_dates', () => {
    test('null logs the number once per column, and its columns are nullable', async () => {
      const { values, schema, warnings } = await readValues('date not null', [
        "'0000-00-00'",
        "'2023-02-31'",
        "'2023-04-05'",
      ]);
      expect({ values, schema }).toEqual({ values: ['null', 'null', '"2023-04-05"'], schema: date });
      expect(warnings).toEqual([expect.stringMatching(/^2 values of the column c of .* became null$/)]);
    });

    test.each([
      ['date', ["'2023-04-05'", "'0000-00-00'", "'2023-02-31'"], ['"2023-04-05"', '"0000-00-00"', '"2023-02-31"']],
      [
        'datetime(3)',
        ["'2023-04-05 06:07:08.5'", "'2023-00-00'"],
        ['"2023-04-05 06:07:08.500"', '"2023-00-00 00:00:00.000"'],
      ],
      ['timestamp null', ["'0000-00-00 00:00:00'"], ['"0000-00-00 00:00:00"']],
    ])('text keeps each %s, and the column is text', async (type, literals, expected) => {
      const { values, schema } = await readValues(type, literals, { config: { out_of_range_dates: 'text' } });
      expect({ values, schema }).toEqual({ values: expected, schema: text });
    });

    test('fail names the column and the value', async () => {
      const reading = readValues('datetime', ["'2023-02-31 01:02:03'"], { config: { out_of_range_dates: 'fail' } });
      await expect(reading).rejects.toMatchObject({
        code: 'value_refused',
        message: expect.stringMatching(/column c of .* the date 2023-02-31 01:02:03/),
        remedy: expect.stringContaining('out_of_range_dates'),
      });
    });
  });
});
