import { beforeAll, describe, expect, inject, test } from 'vitest';
import { configOf, connectTo, discoverAll, readLines, recordingLog } from './harness.ts';

const server = inject('postgres');

beforeAll(async () => {
  await using admin = await connectTo(server);
  await admin.query(`create database ascii encoding 'SQL_ASCII' template template0 locale 'C'`);
  await admin.query(`create database latin encoding 'LATIN1' template template0 locale 'C'`);
  await using ascii = await connectTo({ ...server, database: 'ascii' });
  await ascii.query(`create table good (id int primary key, a text); insert into good values (1, E'plain\\\\t\\\\\\\\n');
    create table bytes (id int primary key, a text, b text); insert into bytes values (1, 'tab' || chr(9), E'caf\\xe9 \\x80 \\xff');
    create table utf (id int primary key, a text); insert into utf values (1, E'caf\\xc3\\xa9');
    set client_encoding = 'SQL_ASCII';
    do $$ begin
      execute convert_from('\\x637265617465207461626c652022636166e922202869642069 6e7429', 'SQL_ASCII');
      execute convert_from('\\x637265617465207461626c65207061727420286964 20696e742c2022e92220696e742c206f6b20696e7429', 'SQL_ASCII');
    end $$`);
  await ascii.query('insert into part values (1, 2, 3)');
  await using latin = await connectTo({ ...server, database: 'latin' });
  await latin.query(`create table "café" ("été" text); insert into "café" values ('ÿ é')`);
});

describe('a database of the encoding SQL_ASCII', () => {
  const config = (more: Record<string, unknown> = {}) => configOf(server, { dbname: 'ascii', ...more });

  test('is discovered except for names that are not UTF-8, which are logged', async () => {
    const log = recordingLog();
    const streams = await discoverAll(config(), log);
    expect(streams.map(({ id }) => id)).toEqual(['public-bytes', 'public-good', 'public-part', 'public-utf']);
    expect(Object.keys(streams[2]?.schema.properties ?? {})).toEqual(['id', 'ok']);
    expect(log.warnings.join('\n')).toContain('public.caf\ufffd');
    expect(log.warnings.join('\n')).toContain('public.part.\ufffd');
  });

  test('returns the rows of a table whose columns are partly not UTF-8', async () => {
    expect(await readLines(config(), 'public-part')).toEqual(['{"id":1,"ok":3}']);
  });

  test.each([
    ['UTF8', 'public-utf', 'café'],
    ['LATIN1', 'public-utf', 'cafÃ©'],
    ['LATIN1', 'public-good', 'plain\\t\\\\n'],
    ['UTF8', 'public-good', 'plain\\t\\\\n'],
  ])('with the encoding %s gives %s as %s', async (encoding, id, expected) => {
    const [line = ''] = await readLines(config({ encoding }), id);
    expect(JSON.parse(line).a).toBe(expected);
  });

  test.each([
    ['LATIN1', 'café \u0080 ÿ'],
    ['WIN1252', 'café € ÿ'],
    ['LATIN2', 'café \u0080 ˙'],
    ['WIN1251', 'cafй Ђ я'],
    ['KOI8R', 'cafИ ─ Ъ'],
  ])('with the encoding %s converts bytes to %s', async (encoding, expected) => {
    const [line = ''] = await readLines(config({ encoding }), 'public-bytes');
    expect(JSON.parse(line)).toEqual({ id: 1, a: 'tab\t', b: expected });
  });

  test('refuses a value that is not UTF-8, and names the table, the column and the setting to change', async () => {
    await expect(readLines(config(), 'public-bytes')).rejects.toMatchObject({
      code: 'value_refused',
      message: expect.stringMatching(/column b of public-bytes/),
      remedy: expect.stringContaining('LATIN1'),
      details: { stream: 'public-bytes', column: 'b' },
    });
  });
});

test('the server converts a database that has another encoding, names too', async () => {
  const config = configOf(server, { dbname: 'latin', encoding: 'KOI8R' });
  expect(await readLines(config, 'public-café')).toEqual(['{"été":"ÿ é"}']);
});
