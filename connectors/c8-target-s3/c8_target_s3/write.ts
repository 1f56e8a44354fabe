import { type ActivateVersionMessage, type State, type TargetMessage, type WriteContext, waitFor } from 'c8connector';
import type { Room } from './chain.ts';
import { Commits } from './commits.ts';
import type { S3Config, Settings } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { type Flush, startFlush, warnOfUndeleted } from './flush.ts';
import type { Format } from './format.ts';
import type { Activation } from './manifest.ts';
import { objectNames } from './object-name.ts';
import { OpenFiles } from './open-files.ts';
import { openFormat } from './open-format.ts';
import { Spool } from './spool.ts';

/**
 * Collects rows in temporary files. A FLUSH writes them as objects while the next rows are already accepted. There is one flush at a time, and its state is yielded once its last object is stored, and its
 * manifest if it is a checkpoint. If this ends early, no uncommitted object remains, unless the process itself dies.
 */
export async function* write(
  messages: AsyncIterable<TargetMessage>,
  context: WriteContext<S3Config>,
  settings: Settings,
  room: Room,
): AsyncGenerator<State | undefined> {
  await using spool = await Spool.open();
  await using format = await openFormat(settings, spool, context.log);
  yield* flushes(messages, context, settings, room, spool, format);
}

async function* flushes(
  messages: AsyncIterable<TargetMessage>,
  { run, signal, rejected, onRejected }: WriteContext<S3Config>,
  settings: Settings,
  room: Room,
  spool: Spool,
  format: Format,
): AsyncGenerator<State | undefined> {
  const commits = new Commits(room, run);
  const letters = new DeadLetters(spool, { settings, rejected, onRejected });
  const tools = { room, format, spool, run, commits, letters, names: objectNames(run) };
  const files = new OpenFiles(tools, settings);
  const iterator = messages[Symbol.asyncIterator]();
  let activates: Activation[] = [];
  let next: Promise<Next<TargetMessage>> | undefined;
  let flush: Flush | undefined;
  try {
    while (true) {
      next ??= askFor(iterator);
      const event = await nextEvent(next, flush, signal);
      const message = messageOf(event);
      // Also if the source has failed or ended, so that the state of what is durable is yielded.
      if (flush && (message === undefined || message.type === 'FLUSH')) {
        await flush.done;
        const { state } = flush;
        flush = undefined;
        yield state;
      }
      if (event === 'flushed') continue;
      next = undefined;
      if ('error' in event) throw event.error;
      if (message === undefined) return;
      if (message.type === 'SCHEMA') files.schema(message);
      if (message.type === 'RECORDS') await files.records(message);
      if (message.type === 'ACTIVATE_VERSION') activates.push(activationOf(message, settings));
      if (message.type !== 'FLUSH') continue;
      flush = startFlush({ files: files.take(), letters: letters.take(), activates, message }, tools);
      activates = [];
    }
  } finally {
    await flush?.stop();
    warnOfUndeleted(await commits.undo(), tools);
    // Not awaited, since it waits for a next() that may never resolve.
    iterator.return?.()?.catch(() => undefined);
  }
}

function activationOf({ stream, version }: ActivateVersionMessage, { oldVersions }: Settings): Activation {
  return { stream, version, ...(oldVersions === 'delete' ? { deletesOlder: true } : {}) };
}

/** What the source returned: the next item, its end, or a failure. */
type Next<T> = { readonly result: IteratorResult<T> } | { readonly error: unknown };

/** Requests the next item. Never rejects, so that a failure is not unhandled before it is awaited. */
async function askFor<T>(iterator: AsyncIterator<T>): Promise<Next<T>> {
  try {
    return { result: await iterator.next() };
  } catch (error) {
    return { error };
  }
}

/**
 * Resolves when the current flush is done or the next item arrives, whichever is first. Rejects with the error of the flush, and as soon as the signal is aborted. Leaves no listener on the signal, which
 * lives as long as the run.
 */
async function nextEvent<T>(
  next: Promise<Next<T>>,
  flush: Flush | undefined,
  signal: AbortSignal,
): Promise<'flushed' | Next<T>> {
  const events = flush === undefined ? [next] : [flush.done.then(() => 'flushed' as const), next];
  const first = await waitFor(Promise.race(events), { signal });
  if (first === undefined) throw signal.reason;
  return first.value;
}

function messageOf(event: 'flushed' | Next<TargetMessage>): TargetMessage | undefined {
  if (event === 'flushed' || 'error' in event || event.result.done) return undefined;
  return event.result.value;
}
