import {
  type Catalog,
  createStop,
  defineTarget,
  openMemoryStateStore,
  type RunEvent,
  run,
  type SourceMessage,
  type SourceSession,
} from 'c8connector';
import { Finding } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';

/** What is called while a run is under way, which waits for it. */
interface RunHooks {
  /** Behind each `log.begin` of the source, before anything is copied. */
  readonly onBegun: () => Promise<void>;
  /** With what the target receives. */
  readonly onMessage: (message: SourceMessage) => Promise<void>;
}

/** Runs of one connection into a target that keeps all it receives. Each one goes on where the last one ended. */
export function openChangesRun(context: SourceContext, catalog: Catalog, { onBegun, onMessage }: RunHooks) {
  const messages: SourceMessage[] = [];
  const store = openMemoryStateStore();
  const target = new (receiving(async (message) => {
    messages.push(message);
    await onMessage(message);
  }))();
  return {
    /** What the target has received, in its order. */
    messages,
    /** Runs once, until the log ends. Throws a Finding when a stream fails. */
    async go(name: string): Promise<void> {
      const { log } = context;
      const source = context.makeConnector();
      const sourceConfig = await context.config();
      const streams = catalog.streams.filter(isSelected).map((entry) => entry.tap_stream_id);
      const stop = createStop();
      const events: RunEvent[] = [];
      await using opened = await source.open?.({ integration: sourceConfig, streams, signal: stop.soft, log });
      const { status } = await run({
        ...{ source, sourceConfig, target, targetConfig: {}, catalog, store, stop, log },
        ...(opened === undefined ? {} : { session: withBegin(opened, onBegun) }),
        until: 'now',
        onEvent: (event) => events.push(event),
      });
      if (status === 'done') return;
      const failed = events.find((event) => event.type === 'failed');
      const reason = failed === undefined ? status : `${failed.error.code}: ${failed.error.message}`;
      throw new Finding(`${name} that is done`, reason);
    },
  };
}

function isSelected({ metadata }: Catalog['streams'][number]): boolean {
  return metadata.some(({ breadcrumb, metadata: own }) => breadcrumb.length === 0 && own.selected === true);
}

/** A target that passes on what it receives and keeps nothing. */
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

function withBegin(session: SourceSession, onBegun: () => Promise<void>): SourceSession {
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
              await onBegun();
              return position;
            },
          },
        }),
    read: (request) => session.read(request),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
