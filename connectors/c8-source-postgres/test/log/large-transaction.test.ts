import { parseState, type State, stringifyValue } from 'c8connector';
import { expect, test } from 'vitest';
import { connectTo, createDatabase } from '../harness.ts';
import { follow } from './followed.ts';
import { idsOf, run } from './losing.ts';

const streams = ['public-t', 'public-u'];
const rows = 20_000;

test('a read resumes in the middle of a transaction, and each change comes once', async () => {
  const database = await createDatabase(
    'create table t (id int primary key, a text); create table u (id int primary key)',
  );
  const { state: before } = await follow(database, { streams });
  await using client = await connectTo(database);
  await client.query(
    `set synchronous_commit = on; begin; insert into u values (1); insert into t select id, repeat('x', 300) from generate_series(1, ${rows}) id; insert into u values (2); commit`,
  );
  const states: { readonly state: State; readonly ids: number }[] = [];
  let ids = 0;
  const whole = await follow(database, {
    streams,
    state: before,
    statePerPage: true,
    onMessage(message) {
      if (message.type === 'RECORDS' && message.stream === 'public-t') ids += message.count;
      if (message.type === 'STATE') states.push({ state: message.value, ids });
    },
  });
  expect(idsOf(whole.lines('public-t'))).toEqual(Array.from({ length: rows }, (_, index) => index + 1));
  const inside = states.filter(({ state }) => stringifyValue(state).includes('"change":'));
  expect(inside.length).toBeGreaterThan(3);
  const { state, ids: given } = inside[Math.floor(inside.length / 2)] as (typeof inside)[number];
  const rest = await follow(database, { streams, state: parseState(stringifyValue(state), 'state') });
  expect(idsOf(rest.lines('public-t'))[0]).toBe(given + 1);
  expect(rest.lines('public-t')).toHaveLength(rows - given);
  expect(idsOf(rest.lines('public-u'))).toEqual([2]);
});

test('while only a part of a transaction is durable, the server keeps all of it', async () => {
  const database = await createDatabase('create table t (id int primary key, a text)');
  const [stream] = streams as [string];
  const { state: before } = await follow(database, { streams: [stream] });
  await run(database, `insert into t select id, repeat('x', 300) from generate_series(1, ${rows}) id`);
  let durable: State | undefined;
  const stop = new AbortController();
  await follow(database, {
    streams: [stream],
    state: before,
    statePerPage: true,
    until: 'forever',
    signal: stop.signal,
    durable: async () => durable,
    onMessage(message) {
      if (message.type !== 'STATE') return;
      if (stringifyValue(message.value).includes('"change":')) durable ??= message.value;
      else stop.abort();
    },
  });
  // The next read confirms it at once.
  const kept = durable ?? {};
  const again = await follow(database, { streams: [stream], state: kept, durable: async () => kept });
  const last = await follow(database, { streams: [stream], state: kept });
  expect(again.lines(stream).length).toBeGreaterThan(0);
  expect(last.lines(stream)).toEqual(again.lines(stream));
});
