import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Log,
  parseConfig,
  type RunIdentity,
  type State,
  type StoredObject,
  silentLog,
  type TargetMessage,
  type WriteRequest,
} from 'c8connector';
import type { Room } from '../c8_target_s3/chain.ts';
import { type S3Config, settingsOf } from '../c8_target_s3/config.ts';
import { finish } from '../c8_target_s3/finish.ts';
import { S3Target } from '../c8_target_s3/index.ts';
import { committedObjects, type ObjectsQuery } from '../c8_target_s3/objects.ts';
import { recover } from '../c8_target_s3/recover.ts';
import type { Store } from '../c8_target_s3/store.ts';
import { write } from '../c8_target_s3/write.ts';
import { folderStore } from './folder-store.ts';
import { collect } from './harness.ts';

/** A writer as a store sees it; each call of `attempt` is a claim. */
interface Attempt {
  readonly run: RunIdentity;
  recover(streams?: readonly string[]): Promise<State | undefined>;
  write(messages: Iterable<TargetMessage> | AsyncIterable<TargetMessage>): AsyncIterable<State | undefined>;
  /** Recovers, then writes all messages. */
  all(messages: Iterable<TargetMessage>): Promise<readonly (State | undefined)[]>;
  finish(streams: readonly string[]): Promise<void>;
}

/** A folder as a store, to which units of connections write without the runtime. */
export interface Lake extends AsyncDisposable {
  readonly root: string;
  readonly store: Store;
  attempt(unit: string, changes?: Partial<RunIdentity>, rejecting?: Rejecting): Attempt;
  objects(query?: ObjectsQuery): Promise<readonly StoredObject[]>;
  /** The lines of all objects that count, in their order. */
  lines(query?: ObjectsQuery): Promise<readonly string[]>;
  keys(): Promise<readonly string[]>;
  readonly warnings: string[];
}

/** The rejected rows that a run receives. */
type Rejecting = Pick<WriteRequest, 'onRejected' | 'rejected'>;

let lastEpoch = 1_700_000_000_000;

export async function openLake(
  settings: Readonly<Record<string, unknown>> = {},
  wrap = (store: Store) => store,
): Promise<Lake> {
  const root = await mkdtemp(join(tmpdir(), 'lake-'));
  const store = wrap(folderStore(root));
  const raw = { bucket: 'lake', format: 'jsonl', compression: 'none', ...settings };
  const config = parseConfig(new S3Target().config, raw).config as S3Config;
  const parsed = settingsOf(config);
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => warnings.push(message) };
  const signal = new AbortController().signal;
  const room: Room = { store, folder: parsed.folder, path: parsed.path, signal, log };
  return {
    root,
    store,
    warnings,
    attempt(unit, changes = {}, rejecting = {}) {
      lastEpoch += 1;
      const connection = '0b0c1f3e-9a51-4f0e-8d53-1c2d3e4f5a6b';
      const run = { id: `run-${lastEpoch}`, connection, unit, epoch: lastEpoch, generation: 1, ...changes };
      const messagesOf = async function* (messages: Iterable<TargetMessage> | AsyncIterable<TargetMessage>) {
        yield* messages;
      };
      const start: Attempt['write'] = (messages) =>
        write(messagesOf(messages), { config, run, signal, log, ...rejecting }, parsed, room);
      return {
        run,
        recover: (streams) => recover(room, run, streams),
        write: start,
        async all(messages) {
          await recover(room, run, undefined);
          return await collect(start(messages));
        },
        finish: (streams) => finish(room, run, streams),
      };
    },
    objects: (query = {}) => committedObjects(room, query),
    async lines(query = {}) {
      const bodies = await Promise.all(
        (await committedObjects(room, query)).map(({ key }) => readFile(join(root, key), 'utf8')),
      );
      return bodies.flatMap((body) => body.split('\n').slice(0, -1));
    },
    async keys() {
      const listed = await collect(store.list('', signal));
      return listed.map(({ key }) => key);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
