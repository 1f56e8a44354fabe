import { resolve } from 'node:path';
import { ConfigError, type Slot, singerState } from 'c8connector';
import { loadSource, openStateFile, readConnection } from 'c8connector-host';
import type { Session } from '../session.ts';

export interface SlotArguments {
  readonly action: 'drop';
  readonly connection: string;
  readonly yes: boolean;
}

/** Drops what the server of a source keeps for a connection, which must not be running. */
export async function slot(args: SlotArguments, session: Session): Promise<number> {
  const connection = await readConnection(resolve(session.folder, args.connection));
  const { source, sourceConfig } = await loadSource(connection, session);
  if (source.slot === undefined) throw unsupported(source.packageName);
  // The lock prevents runs of the connection until the slot is dropped.
  await using state = await openStateFile(connection.state);
  const current = await state.store.load();
  const options = { connection: current.connection, signal: session.stop.graceful, log: session.log };
  const found = await source.slot.find(sourceConfig, options);
  if (found === undefined) throw missing(current.connection);
  await session.print(session.mask(description(found)));
  const answer = args.yes ? true : await confirmed(session);
  if (answer !== true) {
    session.say('Nothing was dropped.');
    return answer === false ? 1 : 130;
  }
  await source.slot.drop(sourceConfig, options);
  const streams = Object.keys(singerState(current).bookmarks ?? {});
  await session.print(session.mask(outcome(found, streams)));
  return 0;
}

function unsupported(source: string): ConfigError {
  return new ConfigError(`source.connector: ${source} does not use a slot`, {
    code: 'slot_unsupported',
  });
}

function missing(id: string): ConfigError {
  return new ConfigError(`the server has no slot for this connection, whose id is ${id}`, {
    code: 'slot_missing',
    remedy:
      'Check that the connection and its state file are those of the slot; its name can be set in the config of the source.',
  });
}

function description({ name, details, effects }: Slot): string {
  const width = Math.max(0, ...details.map(({ label }) => label.length));
  const lines = details.map(({ label, value }) => `  ${label.padEnd(width)}  ${value}`);
  return `${[name, ...lines, ...effects].join('\n')}\n`;
}

function outcome({ name }: Slot, streams: readonly string[]): string {
  const kept =
    streams.length === 0
      ? 'The state knows no stream.'
      : `The state is as it was: it still has the positions of ${streams.length} ${streams.length === 1 ? 'stream' : 'streams'}.`;
  return `Dropped the ${name}. ${kept}\n`;
}

/** Whether to drop it; undefined when the user cancels. Without a terminal it throws a ConfigError. */
async function confirmed({ stop }: Session): Promise<boolean | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new ConfigError('whether to drop it must be confirmed, and there is no terminal to ask at', {
      code: 'call_invalid',
      remedy: 'Give --yes.',
    });
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: 'Drop it?', initialValue: false, signal: stop.graceful });
  return isCancel(answer) ? undefined : answer;
}
