import { expect, test } from 'vitest';
import { singleText } from '../c8_source_mysql/convert-number.ts';
import { configOf, createDatabase, describeServers, readLines, sharedServer } from './harness.ts';
import { boolean, decimal, double, integer, real, string, testTypes, year } from './type-table.ts';

const digits35 = '12345678901234567890123456789012345';

describeServers('numbers', (server) => {
  const readValues = testTypes(server, [
    [
      'tinyint(1)',
      boolean,
      [
        ['1', 'true'],
        ['0', 'false'],
        ['-1', 'true'],
        ['127', 'true'],
        ['null', 'null'],
      ],
    ],
    [
      'bool',
      boolean,
      [
        ['true', 'true'],
        ['false', 'false'],
      ],
    ],
    ['tinyint(1) unsigned', integer(0, 255), [['2', '2']]],
    ['tinyint(1) zerofill', integer(0, 255), [['2', '2']]],
    [
      'tinyint',
      integer(-128, 127),
      [
        ['-128', '-128'],
        ['127', '127'],
      ],
    ],
    ['tinyint unsigned', integer(0, 255), [['255', '255']]],
    ['smallint', integer(-32768, 32767), [['-32768', '-32768']]],
    ['smallint unsigned', integer(0, 65535), [['65535', '65535']]],
    ['mediumint', integer(-8388608, 8388607), [['-8388608', '-8388608']]],
    ['mediumint unsigned', integer(0, 16777215), [['16777215', '16777215']]],
    ['int', integer(-2147483648, 2147483647), [['-2147483648', '-2147483648']]],
    ['int(1)', integer(-2147483648, 2147483647), [['7', '7']]],
    ['int unsigned', integer(0, 4294967295), [['4294967295', '4294967295']]],
    [
      'int(8) zerofill',
      integer(0, 4294967295),
      [
        ['42', '42'],
        ['0', '0'],
        ['4294967295', '4294967295'],
      ],
    ],
    [
      'bigint',
      integer('-9223372036854775808', '9223372036854775807'),
      [
        ['-9223372036854775808', '-9223372036854775808'],
        ['9223372036854775807', '9223372036854775807'],
      ],
    ],
    [
      'bigint unsigned',
      integer(0, '18446744073709551615'),
      [
        ['18446744073709551615', '18446744073709551615'],
        ['0', '0'],
      ],
    ],
    ['bigint zerofill', integer(0, '18446744073709551615'), [['18446744073709551615', '18446744073709551615']]],
    [
      'bit(1)',
      boolean,
      [
        [`b'1'`, 'true'],
        [`b'0'`, 'false'],
        ['null', 'null'],
      ],
    ],
    [
      'bit(8)',
      string(8),
      [
        [`b'10101010'`, '"10101010"'],
        ['0', '"00000000"'],
      ],
    ],
    ['bit(10)', string(10), [[`b'1000000001'`, '"1000000001"']]],
    ['bit(64)', string(64), [['18446744073709551614', `"${'1'.repeat(63)}0"`]]],
    [
      'decimal(10,2)',
      decimal(10, 2),
      [
        ['1234.5', '1234.50'],
        ['-0.01', '-0.01'],
        ['0', '0.00'],
      ],
    ],
    ['decimal(5,0) unsigned', decimal(5, 0), [['99999', '99999']]],
    [
      'decimal(10,2) zerofill',
      decimal(10, 2),
      [
        ['12.5', '12.50'],
        ['0', '0.00'],
      ],
    ],
    ['decimal(30,30)', decimal(30, 30), [['-1e-30', `-0.${'0'.repeat(29)}1`]]],
    [
      'decimal(65,30)',
      decimal(65, 30),
      [
        [`-${digits35}.123456789012345678901234567890`, `-${digits35}.123456789012345678901234567890`],
        ['1e-30', `0.${'0'.repeat(29)}1`],
      ],
    ],
    [
      'float',
      real,
      [
        ['1.1', '1.1'],
        ['1e20', '100000000000000000000'],
        ['1e21', '1e+21'],
        ['1e-7', '1e-7'],
        ['16777217', '16777216'],
        ['3.4028235e38', '3.4028235e+38'],
        ['1.401298464e-45', '1e-45'],
        ['-0e0', '0'],
        ['0', '0'],
        ['123456789', '123456790'],
        ['null', 'null'],
      ],
    ],
    ['float unsigned', real, [['0.1', '0.1']]],
    ['float(7,3)', real, [['1234.5678', '1234.568']]],
    [
      'float zerofill',
      real,
      [
        ['1.5', '1.5'],
        ['0', '0'],
      ],
    ],
    [
      'double',
      double,
      [
        ['1.1', '1.1'],
        ['1e14', '100000000000000'],
        ['1e15', '1000000000000000'],
        ['1e20', '100000000000000000000'],
        ['1e21', '1e+21'],
        ['-1e-6', '-0.000001'],
        ['1e-7', '1e-7'],
        ['0.00001234', '0.00001234'],
        ['-0.0e0', '0'],
        ['-0.5', '-0.5'],
        ['5e-324', '5e-324'],
        ['-1.7976931348623157e308', '-1.7976931348623157e+308'],
        ['0.30000000000000004', '0.30000000000000004'],
        ['null', 'null'],
      ],
    ],
    ['double unsigned', double, [['0.1', '0.1']]],
    [
      'double(10,3) zerofill',
      double,
      [
        ['2.5', '2.5'],
        ['0', '0'],
      ],
    ],
    ['double(10,3)', double, [['-2.5', '-2.5']]],
    [
      'year',
      year,
      [
        ['0', '0'],
        ['1901', '1901'],
        ['2155', '2155'],
        ['null', 'null'],
      ],
    ],
  ]);

  test('tinyint(1) of a key is an integer, since any two of its values are two rows', async () => {
    const login = await createDatabase(sharedServer(server), [
      'create table parts (id int, part tinyint(1), flag tinyint(1), primary key (id, part))',
      'insert into parts values (1, 1, 1), (1, 2, 2)',
    ]);
    expect(await readLines(configOf(login), 'parts')).toEqual([
      '{"id":1,"part":1,"flag":true}',
      '{"id":1,"part":2,"flag":true}',
    ]);
  });

  test('tinyint1_as_boolean: false reads tinyint(1) as an integer', async () => {
    const { schema, values } = await readValues('tinyint(1)', ['7', '-1'], { config: { tinyint1_as_boolean: false } });
    expect({ schema, values }).toEqual({ schema: integer(-128, 127), values: ['7', '-1'] });
  });

  test.each([
    ['decimal(10,2)', '1.5', '"1.50"'],
    ['decimal(10,2) zerofill', '1.5', '"1.50"'],
    ['double', '1.5', '1.5'],
    ['float', '1.5', '1.5'],
    ['int', '7', '7'],
  ])('with decimals as text, lines hold %s %s as %s', async (type, literal, expected) => {
    expect((await readValues(type, [literal], { exact: 'text' })).json).toBe(expected);
  });
});

test('the text of a float reads back as the same float', () => {
  const bits = new DataView(new ArrayBuffer(4));
  const wrong: number[] = [];
  for (let index = 0; index < 50_000; index++) {
    bits.setUint32(0, (index * 2_654_435_761) >>> 0);
    const value = bits.getFloat32(0);
    if (Number.isFinite(value) && Math.fround(Number(singleText(value))) !== value) wrong.push(value);
  }
  expect(wrong).toEqual([]);
});
