import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MySqlServer } from '../../src/mysql/server.ts';
import { query } from './query.ts';
import { describeServers } from './servers.ts';

describeServers(
  (name) => `a ${name} server`,
  ({ name: flavour, start }) => {
    let server: MySqlServer;
    beforeAll(async () => {
      server = await start({ settings: { init_connect: `SET @words = 'it''s "x" \\\\ #1'`, server_id: '4711' } });
    });
    afterAll(() => server.stop());

    async function logs(): Promise<string[]> {
      const rows = await query(server, 'SHOW BINARY LOGS');
      return (rows as { Log_name: string }[]).map((row) => row.Log_name);
    }

    it('logs full rows with the names of their columns, and GTIDs that are checked', async () => {
      const gtids = flavour === 'MySQL' ? '@@gtid_mode' : '@@gtid_strict_mode';
      const variables = '@@log_bin, @@binlog_format, @@binlog_row_image, @@binlog_row_metadata, @@binlog_checksum';
      const rows = await query(server, `SELECT ${variables}, @@time_zone, ${gtids}`, { rowsAsArray: true });
      expect(rows).toEqual([[1, 'ROW', 'FULL', 'FULL', 'CRC32', '+00:00', flavour === 'MySQL' ? 'ON' : 1]]);
    });

    it('has a binary log that begins with what the test does', async () => {
      const name = await server.createDatabase();
      const events = await query(server, `SHOW BINLOG EVENTS IN '${(await logs()).at(-1)}'`);
      const queries = (events as { Event_type: string; Info: string }[]).filter(
        ({ Event_type }) => Event_type === 'Query',
      );
      expect(queries[0]?.Info).toContain(name);
    });

    it('takes settings, also with quotes and backslashes', async () => {
      const rows = await query(server, 'SELECT @@server_id AS id, @@global.init_connect AS text');
      expect(rows).toEqual([{ id: 4711, text: `SET @words = 'it''s "x" \\\\ #1'` }]);
    });

    it('has one account, with a password', async () => {
      await expect(query(server, 'SELECT 1', { password: 'wrong' })).rejects.toMatchObject({
        code: 'ER_ACCESS_DENIED_ERROR',
      });
      await expect(query(server, 'SELECT 1', { user: '', password: '' })).rejects.toMatchObject({
        code: 'ER_ACCESS_DENIED_ERROR',
      });
      expect(await query(server, 'SELECT CURRENT_USER() AS user')).toEqual([{ user: 'root@127.0.0.1' }]);
    });

    it('creates databases of a fresh or a given name, for all of Unicode', async () => {
      const names = [
        await server.createDatabase(),
        await server.createDatabase(),
        await server.createDatabase('It`s.a'),
      ];
      expect(new Set(names).size).toBe(3);
      for (const database of [...names, server.database]) {
        const rows = await query(server, 'SELECT DATABASE() AS name, @@character_set_database AS charset', {
          database,
        });
        expect(rows).toEqual([{ name: database, charset: 'utf8mb4' }]);
      }
    });

    it('serves the same data on the same port after a restart, in a new file of its log', async () => {
      await query(server, 'CREATE TABLE kept (id int)');
      const { host, port, user, password } = server;
      const connection = await mysql.createConnection({ host, port, user, password });
      const before = await logs();
      const lost = new Promise((resolve) => connection.on('error', resolve));
      await server.restart();
      expect(await lost).toMatchObject({ code: 'PROTOCOL_CONNECTION_LOST' });
      expect(await query(server, 'SELECT COUNT(*) AS count FROM kept')).toEqual([{ count: 0 }]);
      expect(await logs()).toEqual([...before, expect.any(String)]);
    });

    it('keeps what was committed when it is killed, and refuses connections until it is started again', async () => {
      await query(server, 'CREATE TABLE crashed (id int PRIMARY KEY)');
      for (let id = 0; id < 100; id += 1) await query(server, `INSERT INTO crashed VALUES (${id})`);
      await server.kill();
      await expect(query(server, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await server.restart();
      expect(await query(server, 'SELECT COUNT(*) AS count FROM crashed')).toEqual([{ count: 100 }]);
    });

    it('returns its log', async () => {
      expect(await server.log()).toContain('ready for connections');
    });

    it('refuses settings that the server does not know, with its words', async () => {
      await expect(start({ settings: { no_such_setting: '1' } })).rejects.toThrow('no_such_setting');
    });

    it('writes no binary log if that is disabled', async () => {
      await using other = await start({ settings: { skip_log_bin: '1' } });
      expect(await query(other, 'SELECT @@log_bin AS log')).toEqual([{ log: 0 }]);
    });
  },
);
