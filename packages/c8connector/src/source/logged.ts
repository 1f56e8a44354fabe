import type { ConfigDeclaration } from '../config/property.ts';
import { ConnectorError } from '../interface/errors.ts';
import type { SourceLog } from '../interface/source-session.ts';
import type { Stream } from '../interface/stream.ts';
import { plainValue } from '../jsonl/plain-value.ts';
import { hasLog } from '../replication/methods.ts';
import { logColumns, refuseOwnColumns } from './log-columns.ts';
import type { Opened } from './read-unit.ts';
import type { SelectedStream } from './selection.ts';
import type { SourceDefinition } from './source-definition.ts';

/** The streams whose changes are read from the log. */
function loggedStreams<S extends Stream>(items: readonly SelectedStream<S>[]): readonly SelectedStream<S>[] {
  return items.filter(({ replication }) => hasLog(replication.method));
}

/** Throws when a stream is to be read from the log but cannot: the source has no log, or the stream has a column with the name of a log column. */
export function checkLogged<P extends ConfigDeclaration, S extends Stream, R>(
  { log, package: { name } }: SourceDefinition<P, S, R>,
  items: readonly SelectedStream<S>[],
): void {
  for (const { stream } of loggedStreams(items)) {
    if (log === undefined)
      throw new ConnectorError(`${name}: the stream '${stream.id}' offers LOG_BASED, but the source has no log`, {
        code: 'contract_broken',
        details: { stream: stream.id },
      });
    refuseOwnColumns(stream, logColumns(log.columns));
  }
}

/** The log of a source for a run; `selected` returns the streams that the run reads. */
export function logOf<P extends ConfigDeclaration, S extends Stream, R>(
  { definition: { log: definition }, config, resource }: Opened<P, S, R>,
  selected: () => readonly SelectedStream<S>[],
): SourceLog | undefined {
  if (definition === undefined) return undefined;
  return {
    until: definition.until?.(config) ?? 'now',
    async begin({ connection, stream, signal, log }) {
      const items = loggedStreams(selected());
      const columns = items.find((item) => item.stream.id === stream)?.columns ?? [];
      const position = await definition.begin(
        items.map((item) => item.stream),
        { config, resource, connection, stream, columns, signal, log },
      );
      return plainValue(position) as typeof position;
    },
  };
}
