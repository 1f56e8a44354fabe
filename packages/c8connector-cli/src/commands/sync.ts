import { resolve } from 'node:path';
import { type EventError, type RunEvent, run, type StateStore } from 'c8connector';
import {
  type Connection,
  checkColumns,
  createRecord,
  type Ends,
  forgetBookmarks,
  loadEnds,
  nextActions,
  openAlerts,
  openState,
  readConnection,
  selectWishes,
} from 'c8connector-host';
import { painter } from '../display/colours.ts';
import { describeFacts } from '../display/describe.ts';
import { createRunDisplay, type DisplayArguments } from '../display/run-display.ts';
import { summary } from '../display/summary.ts';
import type { Session } from '../session.ts';

export interface SyncArguments extends DisplayArguments {
  readonly connection: string;
  readonly 'full-refresh': boolean;
  readonly notify?: string | undefined;
}

interface Run {
  readonly connection: Connection;
  readonly ends: Ends;
  readonly store: StateStore;
  onEvent(event: RunEvent): void;
}

/** Runs a connection, and tells its alerts how it ended. With several failed streams the exit code is that of the first. */
export async function sync(args: SyncArguments, session: Session): Promise<number> {
  const connection = await readConnection(resolve(session.folder, args.connection));
  const alerts = await openAlerts(args.notify, connection, session);
  try {
    const exitCode = await syncConnection(connection, args, session, alerts.onEvent);
    await alerts.send();
    return exitCode;
  } catch (error) {
    await alerts.send(error);
    throw error;
  }
}

async function syncConnection(
  connection: Connection,
  args: SyncArguments,
  session: Session,
  watch: (event: RunEvent) => void,
): Promise<number> {
  const ends = await loadEnds(connection, session);
  await using store = await openState(connection.state);
  const record = createRecord(connection, ends, session);
  try {
    const onEvent = (event: RunEvent): void => {
      record.onEvent(event);
      watch(event);
    };
    const exitCode = await runConnection({ connection, ends, store, onEvent }, args, session);
    await record.write();
    return exitCode;
  } catch (error) {
    await record.write(error);
    throw error;
  }
}

async function runConnection(
  { connection, ends, store, onEvent }: Run,
  args: SyncArguments,
  session: Session,
): Promise<number> {
  const { log, stop } = session;
  const found = await ends.source.discover(ends.sourceConfig, { signal: stop.soft, log });
  const catalog = selectWishes(found, connection.streams);
  if (ends.rowAction !== undefined) checkColumns(ends.rowAction, catalog);
  if (args['full-refresh']) await forgetBookmarks(store, catalog);

  const failures: Failure[] = [];
  const display = await createRunDisplay(args, session);
  const finished = await run({
    ...ends,
    catalog,
    store,
    stop,
    log,
    onEvent(event) {
      onEvent(event);
      if (event.type === 'failed') failures.push(event);
      display.onEvent(event);
    },
  }).finally(display.close);

  if (process.stderr.isTTY && !args.json) {
    session.say(session.mask(summary(finished, await nextActions(store, catalog), painter(process.stderr))));
  }
  for (const { streams, error } of failures) {
    const facts = { ...error, message: named(streams, error.message) };
    session.say(session.mask(`c8connector: ${describeFacts(facts)}`));
  }
  return failures[0]?.error.exitCode ?? 0;
}

interface Failure {
  readonly streams: readonly string[];
  readonly error: EventError;
}

/** The message with its streams, unless it says them itself. */
function named(streams: readonly string[], message: string): string {
  return streams.every((stream) => message.includes(stream)) ? message : `stream ${streams.join(', ')}: ${message}`;
}
