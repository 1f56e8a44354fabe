import type { ServerName } from '../harness.ts';

/** A table with rows that between them have the values of a type that are most easily read wrongly. The first column is its key. */
export interface TestTable {
  readonly name: string;
  readonly create: string;
  /** Lists of values of an INSERT, without the key. */
  readonly rows: readonly string[];
}

/** What both servers have. */
const shared: readonly TestTable[] = [
  {
    name: 'integers',
    create:
      't tinyint, tu tinyint unsigned, s smallint, su smallint unsigned, m mediumint, mu mediumint unsigned, i int, iu int unsigned, b bigint, bu bigint unsigned, z int(6) zerofill, f tinyint(1)',
    rows: [
      '-128, 255, -32768, 65535, -8388608, 16777215, -2147483648, 4294967295, -9223372036854775808, 18446744073709551615, 42, 7',
      '127, 0, 32767, 0, 8388607, 0, 2147483647, 0, 9223372036854775807, 0, 0, 0',
      '-1, 1, -1, 1, -1, 1, -1, 1, -1, 1, 1, 1',
      '0, 128, 0, 32768, 0, 8388608, 0, 2147483648, -4294967296, 9223372036854775808, 999999, -1',
      '10, 10, 100, 100, 1000, 1000, 10000, 10000, -9007199254740993, 9007199254740993, 1234567, 1',
      'null, null, null, null, null, null, null, null, null, null, null, null',
      '99, 99, 999, 999, 9999, 9999, 99999, 4294967294, -9007199254740992, 9007199254740991, 99999, 0',
    ],
  },
  {
    name: 'decimals',
    create:
      'a decimal(10,2), b decimal(65,30), c decimal(65,0), d decimal(30,30), e decimal(1,0), f decimal(19,9), g decimal(18,9), h decimal(9,1) unsigned, i decimal(20,1), j decimal(11,10)',
    rows: [
      `1234.50, 12345678901234567890.123456789012345678, ${'9'.repeat(65)}, 0.${'9'.repeat(30)}, 9, 1234567890.123456789, 123456789.987654321, 12345678.9, 1234567890123456789.1, 1.0123456789`,
      `-1234.50, -${'9'.repeat(35)}.${'9'.repeat(30)}, -${'9'.repeat(65)}, -0.${'0'.repeat(29)}1, -9, -1234567890.123456789, -123456789.987654321, 0, -1234567890123456789.1, -9.9999999999`,
      '0, 0, 0, 0, 0, 0, 0, 0, 0, 0',
      '-0.01, 0.000000000000000000000000000001, 1, 0.1, 1, 0.000000001, -0.000000001, 0.1, 0.1, 0.0000000001',
      '100000.00, 1000000000, 1000000000000000000, 0.000000001, -1, 1000000000, 100000000, 10, 1000000000, 1',
      'null, null, null, null, null, null, null, null, null, null',
    ],
  },
  {
    name: 'floats',
    create: 'f float, d double, fu float unsigned, dd double(10,2), ff float(7,3)',
    rows: [
      '1.1, 1.1, 16777217, 1.5, 1.5',
      '-1e-7, 1e15, 3.4028234e38, -12345678.91, -9999.999',
      '1.17549435e-38, 1.7976931348623157e308, 0.1, 0, 0',
      '-3.4028234e38, -2.2250738585072014e-308, 123456.789, 99999999.99, 0.001',
      '0, 0, 0, 0.1, 0.1',
      '0.3333333333, 0.3333333333333333, 1e10, 100, 100',
      '1e-20, 1e-14, 1e-5, 0.01, 1',
      '-0e0, -0e0, 1, -0e0, -0e0',
      '4e-45, 5e-324, 1, 1, 1',
      '1e20, 1e14, 1, 1, 1',
      '1e15, 123456789012345.6, 1, 1, 1',
      '8388607.5, 1234567890123456789, 1, 1, 1',
      '100, 1e-15, 1, 1, 1',
      '0.5, 1e-16, 1, 1, 1',
      '99999.9, 12345678901234567e4, 1, 1, 1',
      '1, 4503599627370496.5, 1, 1, 1',
      'null, null, null, null, null',
    ],
  },
  {
    name: 'times',
    create:
      'd date, t time, t1 time(1), t2 time(2), t3 time(3), t4 time(4), t5 time(5), t6 time(6), y year, p datetime, p1 datetime(1), p3 datetime(3), p4 datetime(4), p6 datetime(6), s timestamp null, s1 timestamp(1) null, s2 timestamp(2) null, s5 timestamp(5) null, s6 timestamp(6) null',
    rows: [
      `'2023-04-05', '-838:59:59', '-00:00:00.1', '-00:00:00.01', '-838:59:58.999', '-00:00:00.0001', '-12:34:56.78901', '-00:00:00.000001', 2023, '2023-04-05 06:07:08', '2023-04-05 06:07:08.9', '2023-04-05 06:07:08.123', '2023-04-05 06:07:08.1234', '2023-04-05 06:07:08.123456', '2023-04-05 06:07:08', '2023-04-05 06:07:08.9', '2023-04-05 06:07:08.99', '2023-04-05 06:07:08.12345', '2023-04-05 06:07:08.123456'`,
      `'0000-00-00', '838:59:59', '-00:00:01', '100:00:00.25', '12:34:56.789', '838:59:58.9999', '00:00:00.00001', '-100:00:00.5', 0, '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00'`,
      `'2023-02-00', '00:00:00', '0', '0', '0', '0', '0', '0', 1901, '2023-00-00 10:00:00', '9999-12-31 23:59:59.9', '0001-01-01', '2023-02-00 01:02:03.4567', '9999-12-31 23:59:59.999999', '1970-01-01 00:00:01', '1970-01-01 00:00:00.1', '2038-01-19 03:14:07.99', '2000-02-29 23:59:59.99999', '2038-01-19 03:14:07.999999'`,
      `'9999-12-31', '-00:00:01', '-00:01:00', '-01:00:00', '-10:00:00', '00:00:59.9999', '23:59:59.99999', '838:59:58.999999', 2155, '1000-01-01', '1000-01-01', '1969-12-31 23:59:59.999', '1999-12-31', '0000-01-01', '1999-12-31 23:59:59', '2024-02-29', '2024-03-01', '2023-12-31 23:59:59.99999', '1970-01-01 00:00:00.000001'`,
      Array.from({ length: 19 }, () => 'null').join(', '),
    ],
  },
  {
    name: 'bits',
    create: 'a bit(1), b bit(8), c bit(9), d bit(17), e bit(64), f bit(63)',
    rows: [
      `b'1', b'10101010', b'100000001', b'11111111111111111', 18446744073709551615, 1`,
      `0, 0, 0, 0, 0, 0`,
      `1, 255, 256, 65536, 9223372036854775808, 4611686018427387904`,
      'null, null, null, null, null, null',
    ],
  },
  {
    name: 'bytes',
    create:
      'a binary(4), b varbinary(8), c tinyblob, d blob, e mediumblob, f longblob, g binary(255), h varbinary(300), i binary(1)',
    rows: [
      `x'01020000', x'deadbeef00', x'00', x'ff', x'0a0d', '', x'', repeat('x', 299), x''`,
      `x'', x'', '', '', '', repeat('y', 70000), repeat('z', 255), x'00', x'00'`,
      `'ab  ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '`,
      'null, null, null, null, null, null, null, null, null',
    ],
  },
  {
    name: 'texts',
    create:
      'c char(5), c3 char(255), v varchar(20), v3 varchar(300), t tinytext, x text, m mediumtext, l longtext, cl char(200) charset latin1, a varchar(10) charset ascii',
    rows: [
      `'ab', 'é', 'vé☃😀', repeat('ü', 300), 't', '"\\\\', '', 'lt\\n', 'ÄÖÜ€', '~'`,
      `'ab  ', 'x ', ' ', 'y  ', '', '\t', '', repeat('☃', 30000), ' ', ''`,
      `'', '', '', '', '', '', '', '', '', ''`,
      Array.from({ length: 10 }, () => 'null').join(', '),
    ],
  },
  {
    name: 'labels',
    create: `e enum('a','b','it''s','ü','x,y'), s set('x','y','z','ü'), l enum(${numbered(300)}), m set(${numbered(64)}), el enum('ä','ß') charset latin1, sl set('ä','ß') charset latin1`,
    rows: [
      `'a', 'x,z', 'label 300', '', 'ß', 'ä,ß'`,
      `'it''s', '', 'label 1', '${Array.from({ length: 64 }, (_, index) => `label ${index + 1}`).join(',')}', 'ä', 'ß'`,
      `'ü', 'ü', 'label 256', 'label 64', 'ß', ''`,
      `'', 'x', 'label 255', 'label 1,label 33', '', ''`,
      `'x,y', 'x,y,z,ü', null, null, null, null`,
    ],
  },
  {
    name: 'charsets',
    create:
      'a varchar(20) charset latin1, b varchar(20) charset utf8mb3, c varchar(20) charset gbk, d varchar(20) charset big5, e varchar(20) charset sjis, f varchar(20) charset utf16, g varchar(20) charset ucs2, h char(20) charset utf32, i text charset latin2, j varchar(20) charset koi8r, k char(20) charset ujis, l text charset euckr, m varchar(20) charset utf16le, n varchar(20) charset cp1251, o varchar(20) charset greek, p varchar(20) charset binary, q char(10) charset hebrew, r varchar(20) charset swe7, s varchar(10) charset cp932, t varchar(10) charset gb2312, u varchar(10) charset eucjpms, v text charset tis620',
    rows: [
      `'äöü€', 'é☃', '中文', '中文', 'カナ漢', 'é☃😀', 'é☃', 'é☃😀', 'łóź', 'Привет', 'カナ漢', '한국어', 'é☃😀', 'Привет', 'αβγ', 'é', 'שלום', 'åäö', '①㈱', '汉字', '①', 'ไทย'`,
      Array.from({ length: 22 }, () => `'plain ASCII'`).join(', '),
      Array.from({ length: 22 }, () => `''`).join(', '),
      Array.from({ length: 22 }, () => 'null').join(', '),
    ],
  },
  {
    name: 'shapes',
    create:
      'a varchar(5) charset latin1, g geometry, b blob, p point, c text charset latin1, l linestring, d varchar(5) charset gbk',
    rows: [
      `'ä', st_geomfromtext('LINESTRING(0 0,1 1)'), x'00ff', point(1.5, -2), 'ü', st_geomfromtext('LINESTRING(1 2,3 4)'), '中'`,
      `'ö', st_geomfromtext('POINT(1 2)', 4326), x'', null, '', null, ''`,
      'null, null, null, null, null, null, null',
    ],
  },
  {
    name: 'computed',
    create:
      "a int, v int generated always as (a * 2) virtual, t varchar(20) generated always as (concat(a, '!')) stored, z int default 5",
    rows: ['1, default, default, 1', 'null, default, default, null', '-7, default, default, 2'],
  },
];

function numbered(count: number): string {
  return Array.from({ length: count }, (_, index) => `'label ${index + 1}'`).join(',');
}

/** Tables with this many nullable columns, whose rows are NULL here and there. */
function sparse(count: number): TestTable {
  const columns = Array.from({ length: count - 1 }, (_, index) => index);
  const types = ['int', 'varchar(10)', 'bigint unsigned', 'decimal(5,2)'];
  const values = ['-7', `'text'`, '18446744073709551615', '-1.50'];
  return {
    name: `sparse_${count}`,
    create: columns.map((index) => `c${index} ${types[index % 4]}`).join(', '),
    rows: [0, 1, 2, 3, 7, 8].map((every) =>
      columns.map((index) => (every > 0 && index % every !== 0 ? 'null' : values[index % 4])).join(', '),
    ),
  };
}

const ofMariaDb: readonly TestTable[] = [
  {
    name: 'of_mariadb',
    create:
      'u uuid, a varchar(5) charset latin1, i6 inet6, i4 inet4, b blob, j json, c varchar(1000) compressed, d text compressed charset latin1, e blob compressed',
    rows: [
      `'10ede5de-eca0-11f1-b5d5-02fc00000001', 'ä', '::1', '1.2.3.4', x'00', '{"b":1, "a":[1,2.50,null]}', repeat('é', 500), repeat('ü', 3000), repeat('x', 70000)`,
      `'00112233-4455-6677-8899-aabbccddee00', '', '::ffff:1.2.3.4', '0.0.0.0', x'', '[1]', 'short', '', ''`,
      `'018f0000-4455-7677-8899-aabbccddee00', '', '2001:db8::', '255.255.255.0', x'', '"text"', '', 'ü', x'00'`,
      `'00000000-0000-0000-0000-000000000000', '', '::', '10.0.0.0', null, 'null', null, null, null`,
      `'f47ac10b-58cc-4372-a567-0e02b2c3d479', '', '::1.2.3.4', '10.0.0.1', null, '1', null, null, null`,
      `'ffffffff-ffff-ffff-ffff-ffffffffffff', '', '1:0:0:2:0:0:0:3', null, null, '1', null, null, null`,
      `null, '', 'fe80::1:0:0:1', null, null, null, null, null, null`,
      `null, '', '1:2:3:4:5:6:7:8', null, null, null, null, null, null`,
      `null, '', '0:2:3:4:5:6:7:8', null, null, null, null, null, null`,
      `null, '', '0:0:3:4:5:6:0:0', null, null, null, null, null, null`,
      `null, null, '::1:2', null, null, null, null, null, null`,
    ],
  },
];

/** A document with everything that JSON has, and with what the server makes of values of SQL. */
const documents = [
  `'{"bb":1,"a":[1,2.50,null,true,false],"c":{"d":{}},"":"","é":"☃😀","a\\\\"b":[]}'`,
  `'[1e3, 1e-7, 1e100, -0.0, -0, 0.1, 100000000000000000000, 18446744073709551615, -9223372036854775808, 9223372036854775808, 1.0, 1e22, 123456789.123, 65535, 65536, -32768, -32769, 4294967295, 4294967296, -2147483648, -2147483649, 1e15, 1e16, 123456789012345678]'`,
  `'"\\\\u0000\\\\u001f\\\\u007f\\\\n\\\\t\\\\r\\\\b\\\\f\\\\"\\\\\\\\/\\\\u2028é☃😀"'`,
  ...[`'{}'`, `'[]'`, `'null'`, `'true'`, `'false'`, `'""'`, `'0'`, `'-1.5'`, `'70000'`, `'"text"'`, 'null'],
  `json_array(cast('2023-04-05' as date), cast('-838:59:59' as time), cast('12:34:56.5' as time(3)), cast('2023-01-01 01:02:03' as datetime), timestamp'2023-01-01 00:00:00.123456', year('2023-01-01'))`,
  `json_array(1.50, -1.50, 0.0, -0.01, 12345678901234567890123456789.123, cast(1.1 as float), ${'9'.repeat(65)})`,
  `json_array(x'00ff10', b'101', x'', repeat(x'00', 57), repeat(x'ff', 58), repeat(x'01', 200), point(1.5, -2))`,
  `cast(cast('2023-04-05' as date) as json)`,
  `concat('["', repeat('x', 70000), '", 1, -1, 70000, null, {"a": "', repeat('é', 40000), '", "b": [1]}]')`,
  `concat('{"key": [', repeat('123, ', 30000), '{"deep": [[[["x"]]]]}]}')`,
  `concat(repeat('[', 100), repeat(']', 100))`,
  ...[126, 127, 128, 16383, 16384].map((size) => `concat('["', repeat('x', ${size}), '"]')`),
];

const ofMySql: readonly TestTable[] = [
  {
    name: 'documents',
    create: 'j json, k json',
    rows: documents.map((document, index) => `${document}, ${documents[(index + 1) % documents.length]}`),
  },
  {
    name: 'vectors',
    create: 'v vector(3), t varchar(5) charset latin1',
    rows: [`string_to_vector('[1,-2.5,3e10]'), 'ä'`, 'null, null'],
  },
];

export function testTables(server: ServerName): readonly TestTable[] {
  const sparseTables = [8, 9, 16, 17, 18, 300].map(sparse);
  return [...shared, ...sparseTables, ...(server === 'MariaDB' ? ofMariaDb : ofMySql)];
}
