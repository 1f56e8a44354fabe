import { expect, test } from 'vitest';
import { charsetDecoder, charsetPut } from '../../c8_source_mysql/log/binlog/charset.ts';
import { charsetOfCollation } from '../../c8_source_mysql/log/binlog/collations.ts';
import { connectTo, describeServers, sharedServer } from '../harness.ts';

const many = ['big5', 'gbk', 'gb2312', 'gb18030', 'euckr', 'sjis', 'cp932', 'ujis', 'eucjpms'];

describeServers('a text in the log', (server) => {
  test('has the characters that the server makes of its bytes, in each character set', async () => {
    await using client = await connectTo(sharedServer(server));
    await client.query('set names utf8mb4');
    const sets = (await client.query(
      'select character_set_name as name, maxlen as size from information_schema.character_sets',
    )) as { name: string; size: number }[];
    for (const { name, size } of sets) {
      if (name === 'binary') continue;
      const codes = many.includes(name) ? [...singles(0x80), ...doubles()] : size === 1 ? singles(256) : samples(name);
      const expected = await converted(client, name, codes);
      const decode = charsetDecoder(name);
      const wrong = codes.flatMap((code, index) => {
        const text = expected[index];
        // The server has no character for it: such a text cannot be read anyway.
        if (text === undefined || (text.includes('?') && code !== '3f')) return [];
        const found = decode?.(Buffer.from(code, 'hex'));
        return found === text ? [] : [`${code}: ${found} instead of ${text}`];
      });
      expect.soft(wrong, name).toEqual([]);
    }
  }, 60_000);

  // MySQL sends such bytes in results, but converts none in an expression.
  if (server === 'MariaDB')
    test('of ucs2 has the bytes that the server sends for it, also for halves of surrogate pairs', async () => {
      const codes = '006100e9071020acd83dde00d83dffff';
      await using client = await connectTo(sharedServer(server));
      const [row] = (await client.query(`select hex(convert(_ucs2 x'${codes}' using utf8mb4)) as text`)) as {
        text: string;
      }[];
      const out = { bytes: new Uint8Array(4) };
      const end = charsetPut('ucs2')?.(Buffer.from(codes, 'hex'), 0, codes.length / 2, out, 0);
      expect(hex(...out.bytes.subarray(0, end)).toUpperCase()).toBe(row?.text);
    });

  test('has the character set of its collation', async () => {
    await using client = await connectTo(sharedServer(server));
    const table = server === 'MySQL' ? 'collations' : 'collation_character_set_applicability';
    const rows = (await client.query(
      `select id as id, character_set_name as name from information_schema.${table} where id is not null`,
    )) as { id: number; name: string }[];
    expect(rows.map(({ id }) => charsetOfCollation(Number(id)))).toEqual(rows.map(({ name }) => name));
  });
});

const hex = (...bytes: readonly number[]) => Buffer.from(bytes).toString('hex');

function singles(count: number): readonly string[] {
  return Array.from({ length: count }, (_, byte) => hex(byte));
}

/** Many characters of two bytes, and some more. Neighbours are of one table, so that a part of them is enough. */
function doubles(): readonly string[] {
  const codes: string[] = [];
  for (let lead = 0x81; lead < 0xff; lead++) {
    for (let trail = 0x40 + (lead % 4); trail < 0xff; trail += 4) codes.push(hex(lead, trail));
    codes.push(hex(0x8f, lead, 0xa1), hex(0x8f, lead, 0xf5), hex(lead, 0x30, 0x81, 0x35));
  }
  return codes;
}

/** The codes of some characters of a set of Unicode. */
function samples(charset: string): readonly string[] {
  const text = /ucs2|utf8mb3/.test(charset) ? ['a', 'é', '☃', '\uffff'] : ['a', 'é', '☃', '😀'];
  return text.map((character) => {
    const bytes = Buffer.from(character, /utf8/.test(charset) ? 'utf8' : 'utf16le');
    if (charset === 'utf32')
      return hex(0, ...[16, 8, 0].map((shift) => ((character.codePointAt(0) ?? 0) >> shift) & 255));
    return (/ucs2|utf16$/.test(charset) ? bytes.swap16() : bytes).toString('hex');
  });
}

/** What the server makes of the bytes; undefined where it does not accept them as one character. */
async function converted(
  client: { query(sql: string): Promise<unknown> },
  charset: string,
  codes: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  for (let from = 0; from < codes.length; from += 2000) {
    const columns = codes
      .slice(from, from + 2000)
      .map((code, index) => `hex(convert(convert(x'${code}' using ${charset}) using utf8mb4)) as c${index}`);
    const [row] = (await client.query(`select ${columns.join(', ')}`)) as Record<string, string | null>[];
    for (const value of Object.values(row ?? {})) {
      const text = value === null ? undefined : Buffer.from(value, 'hex').toString();
      texts.push(text !== undefined && [...text].length === 1 ? text : undefined);
    }
  }
  return texts;
}
