import { readFile } from 'node:fs/promises';
import { eventError, writeFileAtomically } from 'c8connector';
import { isObject } from '../document/document.ts';
import type { Host } from '../host.ts';
import type { Failure, SeenRun } from '../run/view.ts';

/** A failure that was told: as long as the next runs end with the same, it is not told again. */
interface ToldFailure {
  readonly stream: string;
  readonly code: string;
}

/** What was told, by the id of the alert. */
export type AlertMemory = ReadonlyMap<string, readonly ToldFailure[]>;

/** Reads what the last runs told. A file that cannot be read is a warning, and everything is news. */
export async function readMemory(path: string, host: Host): Promise<AlertMemory> {
  try {
    const { failures } = JSON.parse(await readFile(path, 'utf8'));
    if (!isObject(failures)) throw new Error("it has no 'failures'");
    return new Map(Object.entries(failures).map(([id, told]) => [id, Array.isArray(told) ? told.filter(isTold) : []]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') warn('cannot be read', path, error, host);
    return new Map();
  }
}

/** Replaces the file whole or not at all; when that fails it is a warning. */
export async function writeMemory(path: string, memory: AlertMemory, host: Host): Promise<void> {
  try {
    const text = host.mask(JSON.stringify({ failures: Object.fromEntries(memory) }, null, 2));
    await writeFileAtomically(path, `${text}\n`);
  } catch (error) {
    warn('cannot be written', path, error, host);
  }
}

/** The failures of a run that were not told before. */
export function newFailures(told: readonly ToldFailure[], failures: readonly Failure[]): readonly Failure[] {
  return failures.filter((failure) => !told.some((known) => isSame(known, failure)));
}

/** What counts as told after a run. Of a stream that was not tried nothing is known: what was told of it stays. */
export function toldAfter(
  told: readonly ToldFailure[],
  run: SeenRun,
  isTold: (failure: Failure) => boolean,
): readonly ToldFailure[] {
  if (run.status === 'done') return [];
  const isOver = (stream: string): boolean =>
    run.tried.has(stream) ||
    run.failures.some((failure) => failure.stream === stream) ||
    (stream === '' && run.tried.size > 0);
  return [
    ...told.filter(({ stream }) => !isOver(stream)),
    ...run.failures.filter(isTold).map(({ stream, error }) => ({ stream, code: error.code })),
  ];
}

function isSame(told: ToldFailure, { stream, error }: Failure): boolean {
  return told.stream === stream && told.code === error.code;
}

function isTold(value: unknown): value is ToldFailure {
  return isObject(value) && typeof value.stream === 'string' && typeof value.code === 'string';
}

function warn(what: string, file: string, error: unknown, host: Host): void {
  host.log.warn(`the memory of the alerts ${what}`, { file, error: eventError(error).message });
}
