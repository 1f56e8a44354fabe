import { resolve } from 'node:path';
import {
  type Bookmark,
  ConfigError,
  type ConnectionState,
  maskValue,
  nearest,
  parseValue,
  singerState,
  stringifyValue,
  type Value,
} from 'c8connector';
import { changeState, openStateFile, readConnection } from 'c8connector-host';
import { table, terminalWidth } from '../display/tables.ts';
import type { Session } from '../session.ts';

export interface StateArguments {
  readonly connection: string;
  readonly stream?: string | undefined;
  readonly set?: string | undefined;
  readonly reset: boolean;
  readonly json: boolean;
}

/** Shows the progress of the streams of a connection, or changes that of one. The connection must not be running. */
export async function state(args: StateArguments, session: Session): Promise<number> {
  const change = changeOf(args);
  const connection = await readConnection(resolve(session.folder, args.connection));
  await using opened = await openStateFile(connection.state);
  if (change !== undefined) await changeState(opened.store, change);
  else if (args.stream !== undefined) refuseUnknown(args.stream, await opened.store.load());
  await show(await opened.store.load(), args, session);
  return 0;
}

function refuseUnknown(stream: string, current: ConnectionState): void {
  const known = Object.keys(singerState(current).bookmarks ?? {});
  if (known.length === 0 || known.includes(stream)) return;
  const close = nearest(stream, known);
  const hint = close === undefined ? '' : `; did you mean '${close}'?`;
  throw new ConfigError(`the state has no stream '${stream}'${hint}`, { code: 'stream_unknown' });
}

function changeOf({ stream, set, reset }: StateArguments): Parameters<typeof changeState>[1] | undefined {
  if (set === undefined && !reset) return undefined;
  if (set !== undefined && reset) throw wrong('--set and --reset do not go together');
  if (stream === undefined) throw wrong(`${reset ? '--reset' : '--set'} changes one stream: name it with --stream`);
  return { stream, bookmark: set === undefined ? undefined : bookmarkOf(set) };
}

function bookmarkOf(text: string): Bookmark {
  let value: unknown;
  try {
    value = parseValue(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('--set takes a bookmark as a JSON object, such as {"replication_key":"id","replication_key_value":7}');
  return value as Bookmark;
}

function wrong(message: string): ConfigError {
  return new ConfigError(message, { code: 'call_invalid' });
}

async function show(current: ConnectionState, { stream, json }: StateArguments, session: Session): Promise<void> {
  const { bookmarks = {} } = singerState(current);
  const shown = Object.entries(bookmarks).filter(([id]) => stream === undefined || id === stream);
  if (json) {
    const values = maskValue(Object.fromEntries(shown), session.mask) as Value;
    await session.print(`${stringifyValue({ bookmarks: values }, 2)}\n`);
    return;
  }
  if (shown.length === 0) {
    await session.print(`${stream === undefined ? 'Nothing' : `Nothing of ${stream}`} was read yet.\n`);
    return;
  }
  const rows = shown.map(([id, bookmark]) => [id, methodOf(current, id), stringifyValue(bookmark as Value)]);
  await session.print(session.mask(table(['stream', 'method', 'bookmark'], rows, { width: terminalWidth() })));
}

function methodOf({ streams }: ConnectionState, stream: string): string {
  return (Object.hasOwn(streams, stream) ? streams[stream]?.method : undefined) ?? '';
}
