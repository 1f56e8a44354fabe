import type { State } from 'c8connector';
import { type Received, readUntilKilled as readModuleUntilKilled } from 'c8connector-sql/testing';
import { type Login, rawConfigOf } from '../harness.ts';

const source = { url: new URL('../../dist/index.js', import.meta.url).href, exported: 'MysqlSource' };

/** Reads the log of a test database in a process that is killed once it has printed this many messages. */
export async function readUntilKilled(
  login: Login,
  state: State | undefined,
  messages: number,
  receive: (message: Received) => void,
): Promise<void> {
  await readModuleUntilKilled(source, rawConfigOf(login), { state, messages }, receive);
}
