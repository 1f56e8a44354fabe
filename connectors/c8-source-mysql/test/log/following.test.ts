// Takes about 20 s.
import { expect, test, vi } from 'vitest';
import {
  connectTo,
  createDatabase,
  describeServers,
  execute,
  type Login,
  recordingLog,
  sharedServer,
  threadsOf,
} from '../harness.ts';
import { type FollowRequest, follow } from './followed.ts';
import { idsOf, refusal } from './losing.ts';

const tables = ['t'];
const made = 'create table t (id int primary key, a text)';
const limit = 60_000;

interface Bookmarked {
  readonly log_file: string;
  readonly log_pos: number;
  readonly gtid?: string;
}

/** How many dumps a user has: other tests have some too. */
async function dumpsOf(login: Login, user: string): Promise<number> {
  const threads = await threadsOf(login);
  return threads.filter((thread) => thread.user === user && thread.command.startsWith('Binlog Dump')).length;
}

describeServers('a log that is followed', (server) => {
  const database = (...statements: readonly string[]) => createDatabase(sharedServer(server), [made, ...statements]);

  /** Follows the log until `isOver`. */
  async function followUntil(
    login: Login,
    request: Omit<FollowRequest, 'tables'>,
    isOver: (states: readonly Bookmarked[]) => Promise<boolean> | boolean,
  ): Promise<readonly Bookmarked[]> {
    const stop = new AbortController();
    const states: Bookmarked[] = [];
    const reading = follow(login, {
      tables,
      until: 'forever',
      statePerPage: true,
      signal: stop.signal,
      ...request,
      onMessage(message) {
        if (message.type !== 'STATE') return;
        const { bookmarks } = message.value as unknown as { bookmarks: Record<string, Bookmarked> };
        const bookmark = bookmarks[`${login.database}-t`];
        if (bookmark !== undefined) states.push(bookmark);
      },
    });
    await vi.waitFor(async () => expect(await isOver(states)).toBe(true), { timeout: 30_000 });
    stop.abort();
    await reading;
    return states;
  }

  test.concurrent(
    'moves its position with the changes of other tables, and over the ends of files',
    async () => {
      const login = await database('create table busy (id int primary key)');
      const { state } = await follow(login, { tables });
      await execute(login, 'insert into busy values (1)', 'flush binary logs');
      const states = await followUntil(login, { state }, async (found) => {
        await execute(login, `insert into busy values (${Math.floor(Math.random() * 1e9)})`);
        return new Set(found.map(({ log_pos }) => log_pos)).size > 3;
      });
      const files = states.map(({ log_file }) => log_file);
      expect(files).toEqual(files.toSorted());
      expect(states.at(-1)?.gtid).toBeTruthy();
    },
    limit,
  );

  test.concurrent(
    'ends at once when it is stopped, and its thread on the server soon after',
    async () => {
      const login = await database();
      const { state } = await follow(login, { tables });
      const user = `ends_${login.database}`;
      await execute(login, `create user ${user} identified by 'x'`, `grant all on *.* to ${user}`);
      const dumps = () => dumpsOf(login, user);
      const stop = new AbortController();
      const reader = { ...login, user, password: 'x' };
      const reading = follow(reader, { tables, state, until: 'forever', signal: stop.signal });
      await vi.waitFor(async () => expect(await dumps()).toBe(1), { timeout: 30_000 });
      const before = performance.now();
      stop.abort();
      await reading;
      expect(performance.now() - before).toBeLessThan(10_000);
      await vi.waitFor(async () => expect(await dumps()).toBe(0), { timeout: 30_000 });
      await execute(login, `drop user ${user}`);
    },
    limit,
  );

  test.concurrent(
    'is refused when another reader has its server ID',
    async () => {
      const login = await database();
      const { state } = await follow(login, { tables });
      const config = { server_id: 77_000 };
      const user = `first_${login.database}`;
      await execute(login, `create user ${user} identified by 'x'`, `grant all on *.* to ${user}`);
      const first = refusal({ ...login, user, password: 'x' }, { state, config, until: 'forever' });
      // The server ends the older one of two.
      await vi.waitFor(async () => expect(await dumpsOf(login, user)).toBe(1), { timeout: 30_000 });
      const stop = new AbortController();
      const second = follow(login, { tables, state, config, until: 'forever', signal: stop.signal });
      expect(await first).toMatchObject({
        code: 'server_busy',
        message: expect.stringContaining('server_id 77000'),
        remedy: expect.stringContaining('Set server_id'),
      });
      stop.abort();
      await second;
      await execute(login, `drop user ${user}`);
    },
    limit,
  );

  test.concurrent(
    'writes to the heartbeat table, which moves its position',
    async () => {
      const login = await database('create table beats (id int primary key, beat timestamp(6))');
      const { state } = await follow(login, { tables });
      await using client = await connectTo(login);
      const beats = async () => (await client.query('select id, beat from beats')) as unknown[];
      const config = { heartbeat_table: `${login.database}.beats`, heartbeat_seconds: 1 };
      const seen = new Set<string>();
      await followUntil(login, { state, config }, async () => {
        seen.add(JSON.stringify(await beats()));
        return seen.size > 3;
      });
      expect(await beats()).toHaveLength(1);
    },
    limit,
  );

  test.concurrent(
    'continues without its heartbeat, and warns',
    async () => {
      const login = await database();
      const { state } = await follow(login, { tables });
      const log = recordingLog();
      const config = { heartbeat_table: `${login.database}.missing` };
      await followUntil(login, { state, config, log }, () => log.warnings.join().includes('heartbeat table'));
    },
    limit,
  );

  test.concurrent(
    'has streams at several positions, and each gets only what comes after its own',
    async () => {
      const login = await database('create table u (id int primary key)');
      const first = await follow(login, { tables });
      await execute(login, `insert into t values (1, 'a')`, 'insert into u values (1)');
      const later = await follow(login, { tables: ['u'] });
      await execute(login, `insert into t values (2, 'b')`, 'insert into u values (2)');
      const state = {
        bookmarks: {
          ...(first.state as { bookmarks: object }).bookmarks,
          ...(later.state as { bookmarks: object }).bookmarks,
        },
      };
      const { lines } = await follow(login, { tables: ['t', 'u'], state: state as never });
      expect([idsOf(lines('t')), idsOf(lines('u'))]).toEqual([[1, 2], [2]]);
    },
    limit,
  );

  test.concurrent('has only the selected columns, and the key of a deleted row', async () => {
    const login = await database();
    const options = { tables, deselected: ['t.a'] };
    const { state, catalog } = await follow(login, options);
    await execute(login, `insert into t values (1, 'a')`, `update t set a = 'b'`, 'delete from t');
    const { lines } = await follow(login, { ...options, state, catalog });
    expect(lines('t').map((line) => Object.keys(JSON.parse(line)))).toEqual(Array(3).fill(['id', '_sdc_deleted_at']));
    expect(JSON.parse(lines('t')[2] ?? '')._sdc_deleted_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
  });

  test.concurrent('has the whole former row of a table without a key', async () => {
    const login = await database('create table k (a int, b varchar(9))');
    const { state } = await follow(login, { tables: ['k'] });
    await execute(
      login,
      `insert into k values (1, 'x'), (1, 'x')`,
      `update k set b = 'y' limit 1`,
      'delete from k limit 1',
    );
    const rows = (await follow(login, { tables: ['k'], state })).lines('k').map((line) => JSON.parse(line));
    const plain = rows.map(({ a, b, _sdc_deleted_at: at }) => [a, b, at === null ? 'is' : 'was']);
    expect(plain.slice(0, 4)).toEqual([
      [1, 'x', 'is'],
      [1, 'x', 'is'],
      [1, 'x', 'was'],
      [1, 'y', 'is'],
    ]);
    expect(plain[4]?.[2]).toBe('was');
  });
});
