import type { Batch } from '../batch.ts';
import type { SourceConnector } from '../connector.ts';
import type { Log } from '../log.ts';
import type { SourceMessage } from '../messages.ts';
import type { Catalog } from '../singer/catalog.ts';
import { selectStreams } from '../singer/selection.ts';

/** Everything that one full read gave, in its order. */
export interface Recording {
  readonly messages: readonly SourceMessage[];
  /** How often each line came, by stream. */
  readonly lines: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The catalog with these streams selected; all of them when none are named. Throws when one is unknown. */
export function selectAll(catalog: Catalog, streams?: readonly string[]): Catalog {
  const unknown = streams?.filter((id) => !catalog.streams.some((entry) => entry.tap_stream_id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`the option streams names unknown streams: ${unknown.join(', ')}`);
  return {
    streams: catalog.streams.map((entry) => ({
      ...entry,
      metadata: entry.metadata.map(({ breadcrumb, metadata }) =>
        breadcrumb.length === 0 && (streams?.includes(entry.tap_stream_id) ?? true)
          ? { breadcrumb, metadata: { ...metadata, selected: true } }
          : { breadcrumb, metadata },
      ),
    })),
  };
}

/** Reads everything that the catalog selects, from the beginning. */
export async function record(
  source: SourceConnector,
  request: { readonly integration: unknown; readonly catalog: Catalog; readonly log: Log },
): Promise<Recording> {
  const messages: SourceMessage[] = [];
  const lines = new Map<string, Map<string, number>>(
    selectStreams(request.catalog).map((entry) => [entry.tap_stream_id, new Map()]),
  );
  const signal = new AbortController().signal;
  for await (const message of source.read({ ...request, exact: 'number', durable: () => undefined, signal })) {
    messages.push(message);
    if (message.type !== 'RECORDS') continue;
    const counts = lines.get(message.stream) ?? new Map<string, number>();
    lines.set(message.stream, counts);
    for (const line of linesOf(message)) counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return { messages, lines };
}

/** The lines of a batch as texts. */
export function linesOf(batch: Batch): string[] {
  const text = Buffer.from(batch.lines()).toString();
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n').filter((line) => line !== '');
}
