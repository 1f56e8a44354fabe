import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../interface/errors.ts';
import type { ConnectionState, Progress } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { parseValue, stringifyValue } from '../jsonl/values.ts';
import { isCount } from '../singer/document.ts';
import { parseState, readSingerState, singerState } from '../singer/state.ts';
import { newConnectionState } from './connection-state.ts';
import { isColumns, type OwnData, readOwnData } from './own-data.ts';
import type { ColumnSummary } from './schema-change.ts';

/** The content of a state file. */
export interface FoundState {
  readonly state: ConnectionState;
  readonly columns: Readonly<Record<string, ColumnSummary>>;
  /** The Singer state, when we did not write it: a source that keeps its own state gets it unchanged. */
  readonly found?: State;
  /** Whether the file has the first format, of an earlier version. */
  readonly isFirstFormat: boolean;
}

/**
 * Reads the text of a state file: of ours, in this format or the one before, or of any tap. `now` is the time in milliseconds since 1970. A stream whose bookmark was edited continues
 * from there, as a copy of its own. Throws a ConfigError `state_unreadable` that names the file and the key.
 */
export function readStateFile(text: string, file: string, now: number): FoundState {
  const refuse = (reason: string, remedy?: string) =>
    new ConfigError(`The state file ${file} cannot be used: ${reason}.`, {
      code: 'state_unreadable',
      details: { file },
      ...(remedy === undefined ? {} : { remedy }),
    });
  const { c8, c8_epoch: epoch, c8_epochs: epochs, c8_columns: columns, ...singer } = parseState(text, file);
  if (c8 !== undefined) {
    const { columns, ...own } = readOwnData(c8, refuse);
    return { state: withEdits(own, singer, now), columns, isFirstFormat: false };
  }
  const first = readFirstFormat({ epoch, epochs, columns }, refuse);
  const isFirstFormat = [epoch, epochs, columns].some((value) => value !== undefined);
  const state = { ...ofSinger(singer, now), lastEpoch: first.lastEpoch };
  return { state, columns: first.columns, found: singer, isFirstFormat };
}

function ofSinger(singer: State, now: number): ConnectionState {
  const run = randomUUID();
  const { streams, rest, isInterrupted } = readSingerState(singer, run);
  const lastVersion = highestVersion(streams);
  return { ...newConnectionState(now), lastVersion, streams, rest, ...(isInterrupted ? { run: { id: run } } : {}) };
}

function withEdits(own: Omit<OwnData, 'columns'>, singer: State, now: number): ConnectionState {
  if (own.hasOwnState === true) return { ...own, rest: singer };
  const { bookmarks: written = {} } = parseValue(stringifyValue(singerState({ ...own, rest: {} }))) as State;
  const { bookmarks: found = {}, ...other } = singer;
  const isUnchanged = (stream: string): boolean =>
    Object.hasOwn(found, stream) && isDeepStrictEqual(found[stream], written[stream]);
  const kept = Object.entries(own.streams).filter(([stream]) => isUnchanged(stream));
  const changed = Object.entries(found).filter(([stream]) => !Object.hasOwn(written, stream) || !isUnchanged(stream));
  const { streams, rest } = readSingerState({ ...other, bookmarks: Object.fromEntries(changed) }, own.run?.id ?? '');
  let lastVersion = Math.max(own.lastVersion, highestVersion(streams));
  const edited = Object.entries(streams).map(([stream, progress]): [string, Progress] => {
    lastVersion = Math.max(now, lastVersion + 1);
    const before = Object.hasOwn(own.streams, stream) ? own.streams[stream]?.version : undefined;
    // Rows keep the version that they had.
    const version = progress.version === 0 ? (before ?? 0) : progress.version;
    return [stream, { ...progress, copy: lastVersion, version }];
  });
  return { ...own, lastVersion, streams: Object.fromEntries([...kept, ...edited]), rest };
}

/** Epochs by unit, or one of all units, and the columns by stream. */
function readFirstFormat(
  { epoch = 0, epochs = {}, columns = {} }: Readonly<Record<string, unknown>>,
  refuse: (reason: string) => Error,
): { readonly lastEpoch: number; readonly columns: Readonly<Record<string, ColumnSummary>> } {
  if (!isCount(epoch)) throw refuse('c8_epoch is damaged');
  if (!isRecordOf(epochs, isCount)) throw refuse('c8_epochs is damaged');
  if (!isRecordOf(columns, isColumns)) throw refuse('c8_columns is damaged');
  return { lastEpoch: Object.values(epochs).reduce((one, other) => Math.max(one, other), epoch), columns };
}

function isRecordOf<T>(value: unknown, is: (item: unknown) => item is T): value is Readonly<Record<string, T>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(is);
}

function highestVersion(streams: Readonly<Record<string, Progress>>): number {
  return Object.values(streams).reduce((highest, { version, copy }) => Math.max(highest, version, copy), 0);
}
