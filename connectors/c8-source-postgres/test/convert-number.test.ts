import { describe, expect, test } from 'vitest';
import { bigint, decimal, double, int, numeric, real, testTypes } from './type-table.ts';

const manyDigits = '12345678901234567890.123456789012345678901234567890';

const readValues = testTypes([
  [
    'smallint',
    { type: ['null', 'integer'], minimum: -32768, maximum: 32767 },
    [
      ['-32768', '-32768'],
      ['32767', '32767'],
    ],
  ],
  [
    'integer',
    int,
    [
      ['-2147483648', '-2147483648'],
      ['2147483647', '2147483647'],
      ['null', 'null'],
    ],
  ],
  [
    'bigint',
    bigint,
    [
      ['9223372036854775807', '9223372036854775807'],
      ['-9223372036854775808', '-9223372036854775808'],
    ],
  ],
  ['oid', { type: ['null', 'integer'], minimum: 0, maximum: 4294967295 }, [['4294967295', '4294967295']]],
  [
    'numeric(10,2)',
    decimal(10, 2),
    [
      ['1234.5', '1234.50'],
      ['-0.01', '-0.01'],
      ["'NaN'", 'null'],
    ],
  ],
  [
    'numeric(38,0)',
    decimal(38, 0),
    [['99999999999999999999999999999999999999', '99999999999999999999999999999999999999']],
  ],
  ['numeric(120,50)', decimal(120, 50), [['1.5', '1.50000000000000000000000000000000000000000000000000']]],
  ['numeric(3,-2)', decimal(3, -2), [['12345', '12300']]],
  ['numeric(2,4)', decimal(2, 4), [['0.0012', '0.0012']]],
  [
    'numeric',
    numeric,
    [
      [manyDigits, manyDigits],
      ["'NaN'", 'null'],
      ["'Infinity'", 'null'],
      ["'-Infinity'", 'null'],
      ['1.10', '1.10'],
    ],
  ],
  [
    'real',
    real,
    [
      ['1.1', '1.1'],
      ['1e30', '1e+30'],
      ["'NaN'", 'null'],
      ["'-Infinity'", 'null'],
    ],
  ],
  [
    'double precision',
    double,
    [
      ['0.1', '0.1'],
      ['1e-10', '1e-10'],
      ['1e300', '1e+300'],
      ["'Infinity'", 'null'],
    ],
  ],
  [
    'money',
    decimal(19, 2),
    [
      ["'$1,234.56'", '1234.56'],
      ["'-0.01'", '-0.01'],
      ["'-92233720368547758.08'", '-92233720368547758.08'],
      ["'92233720368547758.07'", '92233720368547758.07'],
    ],
  ],
  ['price', decimal(19, 2), [["'12.3'", '12.30']]],
]);

describe('with decimals as text, lines', () => {
  test.each([
    ['numeric(10,2)', '1234.5', '"1234.50"'],
    ['numeric', manyDigits, `"${manyDigits}"`],
    ['numeric', "'NaN'", 'null'],
    ['double precision', '1.5', '1.5'],
    ['bigint', '9223372036854775807', '9223372036854775807'],
  ])('hold %s %s as %s', async (type, literal, expected) => {
    expect((await readValues(type, [literal], { exact: 'text' })).json).toBe(expected);
  });
});

describe('special_numbers', () => {
  test('null replaces them, and logs the number once per column', async () => {
    const { json: value, warnings } = await readValues('double precision[]', ["'{NaN,Infinity,1}'"]);
    expect(value).toBe('[null,null,1]');
    expect(warnings).toEqual([expect.stringMatching(/^2 values of the column c of public-t\d+ .* null/)]);
  });

  test('null makes a NOT NULL column nullable, since it may write null', async () => {
    expect((await readValues('double precision not null', ["'NaN'"])).schema).toEqual(double);
  });

  test.each([
    ['number', "'NaN'", '"NaN"'],
    ['number', '1.5', '1.5'],
    ['text', "'-Infinity'", String.raw`"\"-Infinity\""`],
    ['text', '1.5', '"1.5"'],
  ] as const)('text keeps them in lines of exactness %s: %s is %s', async (exact, literal, expected) => {
    const {
      json: value,
      schema,
      warnings,
    } = await readValues('double precision', [literal], { exact, config: { special_numbers: 'text' } });
    expect(value).toBe(expected);
    expect(schema).toEqual({ type: ['null', 'string', 'number'] });
    expect(warnings).toEqual([]);
  });

  test('fail names the column', async () => {
    const reading = readValues('numeric', ["'NaN'"], { config: { special_numbers: 'fail' } });
    await expect(reading).rejects.toMatchObject({
      code: 'value_refused',
      exitCode: 1,
      details: { column: 'c' },
      message: expect.stringContaining('NaN'),
    });
  });
});

describe('unbounded_numeric', () => {
  test('double keeps all digits, and writes a number rather than text', async () => {
    const { json: value, schema } = await readValues('numeric', [manyDigits], {
      exact: 'text',
      config: { unbounded_numeric: 'double' },
    });
    expect({ value, schema }).toEqual({ value: manyDigits, schema: double });
  });

  test.each([
    ['1', '1.000000000'],
    ['0.12345678949', '0.123456789'],
    ['0.1234567895', '0.123456790'],
    ['-9.9999999995', '-10.000000000'],
    ['-0.0000000001', '0.000000000'],
    ['99999999999999999999999999999.999999999', '99999999999999999999999999999.999999999'],
    ["'NaN'", 'null'],
  ])('decimal(38,9) rounds %s to %s', async (literal, expected) => {
    const { json: value, schema } = await readValues('numeric', [literal], {
      config: { unbounded_numeric: 'decimal(38,9)' },
    });
    expect({ value, schema }).toEqual({ value: expected, schema: decimal(38, 9) });
  });

  test('decimal(38,9) refuses what has too many digits, and names the column', async () => {
    const reading = readValues('numeric', ['1e29'], { config: { unbounded_numeric: 'decimal(38,9)' } });
    await expect(reading).rejects.toMatchObject({ code: 'value_refused', details: { column: 'c' } });
  });
});
