import { readFile } from 'node:fs/promises';
import { type EventError, eventError, writeFileAtomically } from 'c8connector';
import { isObject } from '../document/document.ts';
import type { Host } from '../host.ts';
import type { RunView } from '../run/view.ts';

/** The failures for which earlier runs have sent alerts, by the id of the alert, as plain JSON. An alert is sent once for a failure, until it changes or a run succeeds. */
export interface AlertMemory {
  readonly [alert: string]: readonly AlertedFailure[];
}

/** A failure for which an alert was sent. */
export interface AlertedFailure {
  /** '' means the run as a whole. */
  readonly stream: string;
  /** Code of the error. */
  readonly code: string;
}

/** A stream that failed; '' means the run as a whole. */
export interface StreamFailure {
  readonly stream: string;
  readonly error: EventError;
}

/** The failures of a run, one for each stream. */
export function failuresOf({ failures }: RunView): readonly StreamFailure[] {
  return failures.flatMap(({ streams, error }) =>
    (streams.length === 0 ? [''] : streams).map((stream) => ({ stream, error })),
  );
}

/** Reads the memory from a file; {} when there is none. When the file cannot be read, a warning is logged and every failure counts as new. */
export async function readAlertMemory(path: string, host: Pick<Host, 'log'>): Promise<AlertMemory> {
  try {
    const { failures } = JSON.parse(await readFile(path, 'utf8'));
    if (!isObject(failures)) throw new Error("it has no 'failures'");
    const entries = Object.entries(failures);
    return Object.fromEntries(entries.map(([id, list]) => [id, Array.isArray(list) ? list.filter(isAlerted) : []]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') warn('cannot be read', path, error, host);
    return {};
  }
}

/** Replaces the file atomically, without any secret. Never rejects: when it cannot be written, a warning is logged. */
export async function writeAlertMemory(
  path: string,
  memory: AlertMemory,
  host: Pick<Host, 'log' | 'mask'>,
): Promise<void> {
  try {
    await writeFileAtomically(path, `${host.mask(JSON.stringify({ failures: memory }, null, 2))}\n`);
  } catch (error) {
    warn('cannot be written', path, error, host);
  }
}

/** The failures of a run for which no alert was sent before. */
export function newFailures(
  alerted: readonly AlertedFailure[],
  failures: readonly StreamFailure[],
): readonly StreamFailure[] {
  return failures.filter((failure) => !isKnown(alerted, failure));
}

/**
 * The failures that count as alerted after a run; `isSent`: whether alerts for its new failures were sent. Nothing is known about a stream that was not read, so its
 * failures are kept.
 */
export function alertedAfter(
  alerted: readonly AlertedFailure[],
  view: RunView,
  isSent: boolean,
): readonly AlertedFailure[] {
  if (view.status === 'done') return [];
  const failures = failuresOf(view);
  const read = view.streams.filter(({ status }) => status !== 'stopped').map(({ stream }) => stream);
  const over = new Set([...read, ...failures.map(({ stream }) => stream), ...(read.length > 0 ? [''] : [])]);
  return [
    ...alerted.filter(({ stream }) => !over.has(stream)),
    ...failures
      .filter((failure) => isSent || isKnown(alerted, failure))
      .map(({ stream, error }) => ({ stream, code: error.code })),
  ];
}

function isKnown(alerted: readonly AlertedFailure[], { stream, error }: StreamFailure): boolean {
  return alerted.some((known) => known.stream === stream && known.code === error.code);
}

function isAlerted(value: unknown): value is AlertedFailure {
  return isObject(value) && typeof value.stream === 'string' && typeof value.code === 'string';
}

function warn(what: string, file: string, error: unknown, { log }: Pick<Host, 'log'>): void {
  log.warn(`the memory of the alerts ${what}`, { file, error: eventError(error).message });
}
