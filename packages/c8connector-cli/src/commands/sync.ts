import { dirname, resolve } from 'node:path';
import { ConfigError, parseUntil } from 'c8connector';
import {
  type ConnectionFile,
  type LoadedAlert,
  loadAlerts,
  openStateFile,
  type RunFailure,
  type RunOutcome,
  readAlertMemory,
  readAlerts,
  readConnection,
  runConnection,
  sendAlerts,
  writeAlertMemory,
  writeRecord,
} from 'c8connector-host';
import { painter } from '../display/colours.ts';
import { describeError } from '../display/describe.ts';
import { createRunDisplay, type DisplayArguments } from '../display/run-display.ts';
import { masked } from '../display/shown.ts';
import { summary } from '../display/summary.ts';
import type { Session } from '../session.ts';

export interface SyncArguments extends DisplayArguments {
  readonly connection: string;
  /** [] for all streams. */
  readonly 'full-refresh'?: readonly string[] | undefined;
  readonly 'keep-state': boolean;
  readonly concurrency?: number | undefined;
  readonly until?: string | undefined;
  readonly follow: boolean;
  readonly notify?: string | undefined;
}

/** Runs a connection, and sends its alerts. With several failed streams the exit code is that of the first. */
export async function sync(args: SyncArguments, session: Session): Promise<number> {
  const connection = await readConnection(resolve(session.folder, args.connection));
  const alerts = args.notify === undefined ? [] : await openAlerts(resolve(session.folder, args.notify), session);
  const display = await createRunDisplay(args, session);
  const outcome = await runConnection(connection, session, {
    openState: () => openStateFile(connection.state),
    stop: session.stop,
    ...refreshOf(args['full-refresh']),
    keepsState: args['keep-state'],
    concurrency: concurrencyOf(args),
    until: parseUntil(args),
    onEvent: display.onEvent,
    onRecord: (record) => writeRecord(`${connection.file}.run.json`, record, session),
  });
  try {
    await display.close();
    return report(outcome, args, session);
  } finally {
    await send(alerts, outcome, connection, session);
  }
}

function concurrencyOf({ concurrency }: SyncArguments): number | undefined {
  if (concurrency === undefined || (Number.isSafeInteger(concurrency) && concurrency >= 1)) return concurrency;
  throw new ConfigError('--concurrency takes a whole number from 1 on.', { code: 'call_invalid' });
}

function refreshOf(streams: readonly string[] | undefined): { readonly refresh?: true | readonly string[] } {
  const named = streams?.filter((stream) => stream !== '');
  return named === undefined ? {} : { refresh: named.length === 0 ? true : named };
}

async function openAlerts(file: string, session: Session): Promise<readonly LoadedAlert[]> {
  return await loadAlerts(await readAlerts(file), session, dirname(file));
}

/** Shows on stderr how a run ended. Throws the error that ended it, if that is not the failure of a stream. */
function report({ view, next, thrown }: RunOutcome, args: SyncArguments, session: Session): number {
  if (thrown !== undefined) throw thrown;
  if (process.stderr.isTTY && !args.json)
    session.say(masked(summary(view, next, { paint: painter(process.stderr), mask: session.mask }), session.mask));
  for (const failure of view.failures) session.say(session.mask(`c8connector: ${failureText(failure)}`));
  return view.failures[0]?.error.exitCode ?? 0;
}

/** The error with its streams, unless its message names them already. */
function failureText({ streams, error }: RunFailure): string {
  const isNamed = streams.every((stream) => error.message.includes(stream));
  return describeError(isNamed ? error : { ...error, message: `stream ${streams.join(', ')}: ${error.message}` });
}

/** Sends alerts, and stores beside the connection file, if it changed, which alerts were sent. */
async function send(
  alerts: readonly LoadedAlert[],
  { view }: RunOutcome,
  connection: ConnectionFile,
  session: Session,
): Promise<void> {
  if (alerts.length === 0) return;
  const path = `${connection.file}.alerts.json`;
  const memory = await readAlertMemory(path, session);
  const after = await sendAlerts(alerts, { view, memory, signal: session.stop.forced }, session);
  if (JSON.stringify(after) !== JSON.stringify(memory)) await writeAlertMemory(path, after, session);
}
