import type { Catalog, Sample, Schema, SourceConnector, SourceMessage, State } from 'c8connector';
import { NotRunnable } from '../check.ts';
import { type ConnectorContext, connectorContext, once } from '../context.ts';
import type { SourceTestOptions } from '../options.ts';
import { type Printed, printedRead } from './recording/printed-read.ts';
import { defaultRecordCap, type Recording, record } from './recording/recording.ts';
import { incrementalCatalog, selectAll } from './recording/selected-catalog.ts';

/** What the checks of a source share. */
export interface SourceContext extends ConnectorContext<SourceConnector> {
  readonly discovered: () => Promise<Catalog>;
  /** The discovered catalog, with the streams of the test selected. */
  readonly catalog: () => Promise<Catalog>;
  readonly sampled: () => Promise<readonly Sample[]>;
  readonly schemas: () => Promise<readonly Schema[]>;
  /** A full read, in which long streams are capped. */
  readonly read: () => Promise<Recording>;
  /** Another full read, with a new connector. */
  readonly readAgain: () => Promise<Recording>;
  /** A read with a new connector: of this catalog, from this state, with the cap as the most rows of a stream. */
  readonly readWith: (catalog: Catalog, state?: State, cap?: number) => Promise<Recording>;
  /** One read of the streams that are not capped. Throws NotRunnable when all are. */
  readonly whole: () => Promise<WholeRead>;
  /** A read by the replication method INCREMENTAL of the streams whose metadata offers it; undefined when none does. Long streams are capped. */
  readonly incremental: () => Promise<{ readonly catalog: Catalog; readonly recording: Recording } | undefined>;
  /** The output of the program for the same streams. */
  readonly printed: () => Promise<Printed>;
  readonly emptyStream: string | undefined;
  readonly recordCap: number;
  readonly expected: SourceTestOptions['expected'];
  readonly singerTarget: string | undefined;
  readonly changes: SourceTestOptions['changes'];
}

/** A read without a cap. */
interface WholeRead {
  readonly catalog: Catalog;
  readonly messages: readonly SourceMessage[];
}

/** A cap that stops only endless streams: the ends of pages depend on timing, and a stream that was read as a whole once must be so again. */
export function ampleCap(rows: number): number {
  return Math.max(10 * rows, 10_000);
}

/** Nothing is called before a check asks for it. */
export function sourceContext(options: SourceTestOptions): SourceContext {
  const context = connectorContext<SourceConnector>(options);
  const { connector, config, log } = context;
  const { streams, emptyStream, recordCap = defaultRecordCap } = options;
  const wanted = streams && emptyStream !== undefined ? [...streams, emptyStream] : streams;
  const discovered = once(async () => await connector.discover(await config(), { log }));
  const catalog = once(async () => selectAll(await discovered(), wanted));
  const readBy = async (source: SourceConnector, selected: Catalog, state?: State, cap = recordCap) =>
    await record(source, { config: await config(), catalog: selected, state, log }, cap);
  const read = once(async () => await readBy(connector, await catalog()));
  const readWith: SourceContext['readWith'] = (selected, state, cap) =>
    readBy(context.makeConnector(), selected, state, cap);
  return {
    ...context,
    discovered,
    catalog,
    sampled: once(async () => await connector.samples(await config(), { log })),
    schemas: once(async () => await connector.schemas(await config(), { log })),
    read,
    readAgain: once(async () => await readWith(await catalog())),
    readWith,
    whole: once(async () => {
      const { messages, lines, capped } = await read();
      if (capped.size === 0) return { catalog: await catalog(), messages };
      const ids = [...lines.keys()].filter((id) => !capped.has(id));
      if (ids.length === 0) throw new NotRunnable(`every stream holds more than ${recordCap} rows: raise recordCap`);
      const rest = selectAll(await discovered(), ids);
      return { catalog: rest, messages: (await readWith(rest, undefined, ampleCap(recordCap))).messages };
    }),
    incremental: once(async () => {
      const selected = incrementalCatalog(await catalog());
      return selected && { catalog: selected, recording: await readWith(selected) };
    }),
    printed: once(async () => await printedRead(await context.program(), await config(), await read())),
    emptyStream,
    recordCap,
    expected: options.expected,
    singerTarget: options.singerTarget,
    changes: options.changes,
  };
}
