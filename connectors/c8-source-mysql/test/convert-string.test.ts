import { expect, test } from 'vitest';
import { describeServers } from './harness.ts';
import { binary, string, testTypes, text } from './type-table.ts';

describeServers('strings and bytes', (server) => {
  const readValues = testTypes(server, [
    [
      'char(5)',
      string(5),
      [
        ["'ab'", '"ab"'],
        ["'a b  '", '"a b"'],
        ["''", '""'],
        ['null', 'null'],
      ],
    ],
    ['char(0)', string(0), [["''", '""']]],
    [
      'varchar(20)',
      string(20),
      [
        [String.raw`'a "b" \\ \n\t\r\0'`, String.raw`"a \"b\" \\ \n\t\r\u0000"`],
        ["'vé☃😀  '", '"vé☃😀  "'],
      ],
    ],
    ['tinytext', text, [["repeat('é', 127)", `"${'é'.repeat(127)}"`]]],
    ['text', text, [["''", '""']]],
    ['mediumtext', text, [["repeat('x', 70000)", `"${'x'.repeat(70_000)}"`]]],
    ['longtext', text, [['\'{"a":1}\'', String.raw`"{\"a\":1}"`]]],
    ['national varchar(5)', string(5), [["'é'", '"é"']]],
    ['varchar(5) character set latin1', string(5), [["'ü€'", '"ü€"']]],
    ['text character set utf8mb3', text, [["'☃'", '"☃"']]],
    ['text character set gbk', text, [["'中文'", '"中文"']]],
    ['text character set sjis', text, [["'日本'", '"日本"']]],
    [
      'varchar(5) character set ucs2',
      string(5),
      [
        ["'ü☃'", '"ü☃"'],
        ["_ucs2 x'd83dde000041'", '"😀A"'],
      ],
    ],
    ['text character set utf16', text, [["'ü😀'", '"ü😀"']]],
    ['text character set utf16le', text, [["'ü😀'", '"ü😀"']]],
    ['text character set utf32', text, [["'ü😀'", '"ü😀"']]],
    ['varchar(5) character set ascii', string(5), [["'a'", '"a"']]],
    [
      "enum('a', 'é', '')",
      text,
      [
        ["'a'", '"a"'],
        ["'é'", '"é"'],
        ["''", '""'],
      ],
    ],
    [
      "set('x', 'y', 'z')",
      text,
      [
        ["'z,x'", '"x,z"'],
        ["''", '""'],
      ],
    ],
    ["enum('a') character set latin1", text, [["'a'", '"a"']]],
    ["enum('a', 'b') character set binary", text, [["'b'", '"b"']]],
    [
      'binary(4)',
      binary,
      [
        ["x'01'", '"AQAAAA=="'],
        ["x'00ff0080'", '"AP8AgA=="'],
      ],
    ],
    [
      'varbinary(8)',
      binary,
      [
        ["x'deadbeef00'", '"3q2+7wA="'],
        ["''", '""'],
      ],
    ],
    ['tinyblob', binary, [["x'00'", '"AA=="']]],
    ['blob', binary, [["x'0001'", '"AAE="']]],
    ['mediumblob', binary, [["x'000102'", '"AAEC"']]],
    ['longblob', binary, [['repeat(0x61, 300000)', `"${Buffer.alloc(300_000, 'a').toString('base64')}"`]]],
    ['char(3) character set binary', binary, [["'ab'", '"YWIA"']]],
    ['varchar(3) character set binary', binary, [["x'ff'", '"/w=="']]],
    ['text character set binary', binary, [["x'ff'", '"/w=="']]],
    [
      'uuid',
      { ...text, format: 'uuid' },
      [["'123e4567-e89b-12d3-a456-426614174000'", '"123e4567-e89b-12d3-a456-426614174000"']],
      'MariaDB',
    ],
    ['inet4', text, [["'192.0.2.1'", '"192.0.2.1"']], 'MariaDB'],
    ['inet6', text, [["'2001:db8::1'", '"2001:db8::1"']], 'MariaDB'],
    [
      'varchar(300) compressed',
      string(300),
      [
        ["repeat('é', 300)", `"${'é'.repeat(300)}"`],
        ["''", '""'],
      ],
      'MariaDB',
    ],
    ['text compressed character set latin1', text, [["repeat('é', 300)", `"${'é'.repeat(300)}"`]], 'MariaDB'],
    ['blob compressed', binary, [["x'0001'", '"AAE="']], 'MariaDB'],
    ['varbinary(20) compressed', binary, [["x'0001'", '"AAE="']], 'MariaDB'],
  ]);

  test("an enum whose value was not one of its labels is '', which the server stores for it", async () => {
    const { json } = await readValues("enum('a')", ["'nope'"]);
    expect(json).toBe('""');
  });

  test.each([
    ['half of a surrogate pair', 'varchar(5) character set ucs2', "_ucs2 x'0041d83d'"],
    ['a label that is not text', "enum('a', x'ff') character set binary", '2'],
  ])('%s is refused with the name of the column', async (_, type, literal) => {
    await expect(readValues(type, [literal])).rejects.toMatchObject({
      code: 'value_refused',
      message: expect.stringMatching(/column c of .* not valid/),
      remedy: expect.stringContaining('deselect'),
    });
  });
});
