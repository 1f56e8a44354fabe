import { setMaxListeners } from 'node:events';
import { defineTarget, type WriteContext } from 'c8connector';
import manifest from '../package.json' with { type: 'json' };
import type { Room } from './chain.ts';
import { check } from './check.ts';
import { config, type S3Config, type Settings, settingsOf } from './config.ts';
import { finish } from './finish.ts';
import { committedObjects } from './objects.ts';
import { recover } from './recover.ts';
import { openS3Store } from './s3-store.ts';
import type { Store } from './store.ts';
import { write } from './write.ts';
import { mostBytes, mostRows, writeRows } from './write-rows.ts';

/** Writes streams as Parquet, JSON or CSV into a bucket of S3 or of a server that speaks its protocol. */
export class S3Target extends defineTarget({
  package: manifest,
  name: 'S3',
  description: 'Writes streams into an S3 bucket, as Parquet, JSON or CSV.',
  config,
  check,
  accepts(parsed) {
    const settings = settingsOf(parsed);
    const { endpoint, bucket, folder, objectPerRecord } = settings;
    const { flush_rows: rows, flush_bytes: bytes, batch_flush_interval: age } = parsed;
    const flush = objectPerRecord
      ? { rows: Math.min(rows, mostRows), bytes: Math.min(bytes, mostBytes), age }
      : { rows, bytes, age };
    // Without the region: a bucket of AWS is the same whichever region the config names.
    const host = endpoint === undefined ? 'amazonaws.com' : new URL(endpoint).host;
    return { flush, face: faceOf(settings), place: `${host}/${bucket}/${folder}` };
  },
  async *write(messages, context) {
    using room = await openRoom(context);
    const settings = settingsOf(context.config);
    yield* (settings.objectPerRecord ? writeRows : write)(messages, context, settings, room);
  },
  async recover(context) {
    using room = await openRoom(context);
    // Objects of rows are never left over: the next run writes each of them again.
    const streams = settingsOf(context.config).objectPerRecord ? [] : context.streams;
    return await recover(room, context.run, streams);
  },
  async finish(context, streams) {
    using room = await openRoom(context);
    if (!settingsOf(context.config).objectPerRecord) await finish(room, context.run, streams);
  },
  async *objects(context) {
    using room = await openRoom(context);
    yield* await committedObjects(room, context);
  },
}) {}

/** As lines if rows are divided by the path or get metadata columns. */
function faceOf({ format, path, addsMetadataColumns }: Settings): 'lines' | 'columns' {
  return format === 'parquet' && path.columns.length === 0 && !addsMetadataColumns ? 'columns' : 'lines';
}

/** Opens the folder of the config. Disposing closes its connections. */
async function openRoom(
  context: Pick<WriteContext<S3Config>, 'config' | 'signal' | 'log'>,
): Promise<Room & Disposable> {
  const settings = settingsOf(context.config);
  const store: Store = await openS3Store(settings);
  const signal = AbortSignal.any([context.signal]);
  // Many requests listen to it at the same time.
  setMaxListeners(0, signal);
  const { folder, path } = settings;
  return { store, folder, path, signal, log: context.log, [Symbol.dispose]: () => store[Symbol.dispose]() };
}
