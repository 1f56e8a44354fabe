import { basename, resolve } from 'node:path';
import { eventError, type RunEvent, render } from 'c8connector';
import type { Connection } from '../connection/connection.ts';
import type { Host } from '../host.ts';
import { type SeenRun, watchRun } from '../run/view.ts';
import { alertEvents } from './alert.ts';
import { type AlertEnd, loadAlerts } from './load-alerts.ts';
import { newFailures, readMemory, toldAfter, writeMemory } from './memory.ts';
import { type AlertFields, alertMessage } from './message.ts';

/** All alerts of a run together may take so long. */
const limitMilliseconds = 30_000;

/** Tells integrations what became of a run; it knows the run by its events alone. */
export interface Alerts {
  onEvent(event: RunEvent): void;
  /** To be called once, at the end; `thrown` is what ended the run outside of its streams. Never rejects: an alert that is not sent is a warning. */
  send(thrown?: unknown): Promise<void>;
}

/** Reads and checks the file of the alerts; without one nobody is told. Throws a ConfigError before anything runs. */
export async function openAlerts(file: string | undefined, connection: Connection, host: Host): Promise<Alerts> {
  if (file === undefined) return { onEvent: () => undefined, send: async () => undefined };
  const ends = await loadAlerts(resolve(host.folder, file), host);
  const watch = watchRun(basename(connection.file), () => host.stop.soft.aborted);
  return {
    onEvent: watch.onEvent,
    send: (thrown) =>
      sendAll(ends, watch.result(thrown === undefined ? undefined : eventError(thrown)), connection, host),
  };
}

async function sendAll(ends: readonly AlertEnd[], run: SeenRun, connection: Connection, host: Host): Promise<void> {
  const path = `${connection.file}.alerts.json`;
  const before = await readMemory(path, host);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error('there was no answer in time')), limitMilliseconds);
  const signal = AbortSignal.any([limit.signal, host.stop.hard]);
  try {
    const after = await Promise.all(
      ends.map(async (end) => [end.id, await sendOne(end, run, before.get(end.id) ?? [], signal, host)] as const),
    );
    const memory = new Map(after.filter(([, told]) => told.length > 0));
    const isChanged = JSON.stringify([...memory]) !== JSON.stringify([...before]);
    if (isChanged) await writeMemory(path, memory, host);
  } finally {
    clearTimeout(timer);
  }
}

type Told = ReturnType<typeof toldAfter>;

/** Gives what counts as told from now on: a failure whose alert was not sent is news again in the next run. */
async function sendOne(end: AlertEnd, run: SeenRun, told: Told, signal: AbortSignal, host: Host): Promise<Told> {
  const news = newFailures(told, run.failures);
  let isSent = false;
  for (const event of alertEvents) {
    const input = end.inputs.get(event);
    const fields = input === undefined ? undefined : alertMessage(event, run, news);
    if (fields === undefined) continue;
    const isDone = await call(end, input, fields, signal, host);
    if (event === 'failure') isSent = isDone;
  }
  return toldAfter(told, run, (failure) => isSent || !news.includes(failure));
}

async function call(
  { integration, action, config }: AlertEnd,
  input: unknown,
  fields: AlertFields,
  signal: AbortSignal,
  host: Host,
): Promise<boolean> {
  const { log, mask } = host;
  const masked = Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, mask(text)]));
  const filled = render(input, masked, (text) => integration.escape?.(text) ?? text);
  try {
    // An integration that does not listen must not keep the program from ending.
    await Promise.race([integration.call(action, config, filled, { signal, log }), rejectOnAbort(signal)]);
    return true;
  } catch (error) {
    const { code, message } = eventError(error);
    log.warn('an alert was not sent', {
      event: fields.event,
      connector: integration.packageName,
      action,
      code,
      message,
    });
    return false;
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}
