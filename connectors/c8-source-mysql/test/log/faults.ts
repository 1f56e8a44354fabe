import { isC8Error } from 'c8connector';
import { type ReceivedRows, receivedRows } from 'c8connector-sql/testing';
import type { CuttingLogProxy } from 'test-services';
import { expect } from 'vitest';
import { createDatabase, type Login } from '../harness.ts';
import { changeTable, type Random } from './changing-table.ts';
import { follow, linesOf } from './followed.ts';
import { readUntilKilled } from './killed-reader.ts';

const made = ['create table t (id int primary key, a text)'];

/** Follows a constantly changing table with readers that are killed, then reads to the end: each change must come once. */
export async function killReaders(server: Login, random: Random, kills: number): Promise<void> {
  const login = await createDatabase(server, made);
  const received = receivedRows();
  await readOn(login, received);
  await using table = await changeTable(login, random);
  for (let kill = 0; kill < kills; kill += 1)
    await readUntilKilled(login, received.cut(), 1 + random(40), received.receive);
  const rows = await table.finish();
  await readOn(login, received);
  expect(received.rows()).toEqual(rows);
  expect(received.changes).toBe(table.changes);
}

/** The same, with a connection that breaks after this many bytes of the log. */
export async function cutReaders(
  server: Login,
  random: Random,
  proxy: CuttingLogProxy,
  bytes: readonly number[],
): Promise<void> {
  const login = await createDatabase(server, made);
  const received = receivedRows();
  await readOn(login, received);
  await using table = await changeTable(login, random);
  for (const limit of bytes) {
    proxy.cutAfter(limit);
    const error: unknown = await readOn({ ...login, port: proxy.port }, received, 'forever').catch((thrown) => thrown);
    if (!isC8Error(error)) throw error;
    expect(error.code).toBe('connection_lost');
  }
  const rows = await table.finish();
  await readOn(login, received);
  expect(received.rows()).toEqual(rows);
  expect(received.changes).toBe(table.changes);
}

/** Reads after the last state. */
async function readOn(login: Login, received: ReceivedRows, until: 'now' | 'forever' = 'now'): Promise<void> {
  const state = received.cut();
  await follow(login, {
    tables: ['t'],
    ...(state !== undefined && { state }),
    until,
    statePerPage: true,
    onMessage(message) {
      if (message.type === 'RECORDS') received.receive({ lines: linesOf([message], `${login.database}-t`) });
      if (message.type === 'STATE') received.receive({ state: message.value });
    },
  });
}
