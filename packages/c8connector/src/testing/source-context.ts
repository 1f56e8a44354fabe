import type { Sample, Schema, SourceConnector } from '../connector.ts';
import type { Catalog } from '../singer/catalog.ts';
import { type ConnectorContext, connectorContext } from './context.ts';
import { once } from './once.ts';
import type { SourceTestOptions } from './options.ts';
import { type Recording, record, selectAll } from './recording.ts';

/** What the checks of a source share. */
export interface SourceContext extends ConnectorContext<SourceConnector> {
  readonly discovered: () => Promise<Catalog>;
  /** The discovered catalog with the streams of the test selected. */
  readonly catalog: () => Promise<Catalog>;
  readonly sampled: () => Promise<readonly Sample[]>;
  readonly schemas: () => Promise<readonly Schema[]>;
  /** A full read. */
  readonly read: () => Promise<Recording>;
  /** Another full read, by a connector of its own. */
  readonly readAgain: () => Promise<Recording>;
  readonly emptyStream: string | undefined;
}

/** Nothing is called before a check asks for it. */
export function sourceContext(options: SourceTestOptions): SourceContext {
  const context = connectorContext<SourceConnector>(options);
  const { connector, config, log } = context;
  const { streams, emptyStream } = options;
  const wanted = streams && emptyStream !== undefined ? [...streams, emptyStream] : streams;
  const discovered = once(async () => await connector.discover(await config(), { log }));
  const catalog = once(async () => selectAll(await discovered(), wanted));
  const read = async (source: SourceConnector) =>
    await record(source, { integration: await config(), catalog: await catalog(), log });
  return {
    ...context,
    discovered,
    catalog,
    sampled: once(async () => await connector.samples(await config(), { log })),
    schemas: once(async () => await connector.schemas(await config(), { log })),
    read: once(() => read(connector)),
    readAgain: once(() => read(context.makeConnector())),
    emptyStream,
  };
}
