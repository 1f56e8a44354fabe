import { resolve } from 'node:path';
import { ConfigError, readFileState, type StoredObject } from 'c8connector';
import { formatCount, loadTarget, readConnection } from 'c8connector-host';
import { table, terminalWidth } from '../display/tables.ts';
import type { Session } from '../session.ts';

export interface ObjectsArguments {
  readonly connection: string;
  readonly stream?: string | undefined;
  readonly all: boolean;
  readonly json: boolean;
}

/** Lists the objects that a connection has committed, even while it is running. */
export async function objects(args: ObjectsArguments, session: Session): Promise<number> {
  const connection = await readConnection(resolve(session.folder, args.connection));
  const { target, targetConfig } = await loadTarget(connection, session);
  if (target.objects === undefined) throw unsupported(target.packageName);
  const state = await readFileState(connection.state);
  const found: StoredObject[] = [];
  if (state !== undefined) {
    const { stream, all } = args;
    const options = { connection: state.connection, stream, all, signal: session.stop.graceful, log: session.log };
    for await (const object of target.objects(targetConfig, options)) found.push(object);
  }
  await session.print(args.json ? lines(found, session) : session.mask(shown(found)));
  return 0;
}

function lines(found: readonly StoredObject[], { mask }: Pick<Session, 'mask'>): string {
  return found.map((object) => `${mask(JSON.stringify(object))}\n`).join('');
}

function shown(found: readonly StoredObject[]): string {
  if (found.length === 0) return 'Nothing was committed yet.\n';
  const rows = found.map(({ stream, version, rows, bytes, key }) => [
    stream,
    String(version),
    formatCount(rows),
    formatCount(bytes),
    key,
  ]);
  return table(['stream', 'version', 'rows', 'bytes', 'object'], rows, { width: terminalWidth(), right: [1, 2, 3] });
}

function unsupported(target: string): ConfigError {
  return new ConfigError(`target.connector: ${target} cannot list what it has committed`, {
    code: 'objects_unsupported',
  });
}
