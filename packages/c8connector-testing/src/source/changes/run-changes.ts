import {
  type Catalog,
  createStop,
  defineTarget,
  openMemoryStateStore,
  type RunEvent,
  run,
  type SourceMessage,
  type SourceSession,
  type Stop,
  selectStreams,
} from 'c8connector';
import { Finding } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';

/** Milliseconds after which a run is stopped if it has not ended. */
const endsWithin = 20_000;

/** Hooks of a run, which waits for them. */
interface RunHooks {
  /** Called after each `log.begin` of the source, before anything is copied. */
  readonly onBegun?: () => Promise<void>;
  /** Called with each message that the target receives. */
  readonly onMessage: (message: SourceMessage) => Promise<void>;
}

interface ChangesRun {
  /** The name of the run in findings: `a run that copies it`. */
  readonly name: string;
  readonly catalog: Catalog;
  /** Called every 50 ms in a run that follows an endless log; true stops it, as a signal does. When left out, the run ends where the log ends. */
  readonly isOver?: () => boolean;
}

/** Runs of one connection into a target that records everything it receives. Each run continues where the last one ended. */
export function openChangesRun(context: SourceContext, { onBegun, onMessage }: RunHooks) {
  const messages: SourceMessage[] = [];
  const store = openMemoryStateStore();
  const target = new (receiving(async (message) => {
    messages.push(message);
    await onMessage(message);
  }))();
  return {
    /** What the target has received, in order. */
    messages,
    /** Runs once. Throws a Finding when a stream fails, or the run does not end. */
    async go({ name, catalog, isOver }: ChangesRun): Promise<void> {
      const { log } = context;
      const source = context.makeConnector();
      const sourceConfig = await context.config();
      const streams = selectStreams(catalog).map((entry) => entry.tap_stream_id);
      const events: RunEvent[] = [];
      using stopping = stopWhen(isOver);
      const { stop } = stopping;
      await using opened = await source.open?.({ config: sourceConfig, streams, signal: stop.graceful, log });
      const { status } = await run({
        ...{ source, sourceConfig, target, targetConfig: {}, catalog, store, stop, log },
        ...(opened === undefined ? {} : { session: withBegin(opened, onBegun) }),
        until: isOver === undefined ? 'now' : 'forever',
        onEvent: (event) => events.push(event),
      });
      const failed = events.find((event) => event.type === 'failed');
      if (failed !== undefined)
        throw new Finding(`no error of ${name}`, `${failed.error.code}: ${failed.error.message}`);
      if (status !== 'done' && isOver === undefined) throw new Finding(`the end of ${name}`, 'it continues');
    },
  };
}

/** Stops a run when `isOver` returns true, or when its time is over. */
function stopWhen(isOver: () => boolean = () => false): Disposable & { readonly stop: Stop } {
  const stop = createStop();
  const endsAt = Date.now() + endsWithin;
  const timer = setInterval(() => {
    if (stop.graceful.aborted || (Date.now() < endsAt && !isOver())) return;
    stop.request();
  }, 50);
  return { stop, [Symbol.dispose]: () => clearInterval(timer) };
}

/** A target that passes on what it receives and stores nothing. */
function receiving(receive: (message: SourceMessage) => Promise<void>) {
  return defineTarget({
    package: { name: 'c8-target-of-the-kit', version: '1.0.0' },
    name: 'Kit',
    description: 'Receives what a run writes.',
    config: {},
    accepts: () => ({ flush: { rows: 1 } }),
    async *write(input) {
      for await (const message of input) {
        if (message.type === 'FLUSH') yield message.state;
        else await receive(message);
      }
    },
  });
}

function withBegin(session: SourceSession, onBegun: (() => Promise<void>) | undefined): SourceSession {
  const { log, partitions } = session;
  return {
    catalog: session.catalog,
    select: (catalog) => session.select(catalog),
    ...(partitions === undefined ? {} : { partitions: (...part) => partitions.apply(session, part) }),
    ...(log === undefined
      ? {}
      : {
          log: {
            until: log.until,
            async begin(request) {
              const position = await log.begin(request);
              await onBegun?.();
              return position;
            },
          },
        }),
    read: (request) => session.read(request),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
