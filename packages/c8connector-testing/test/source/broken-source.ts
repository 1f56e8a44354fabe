import { Batch, type RecordsMessage, type Row, type SourceConnector, type SourceMessage } from 'c8connector';
import { type Habits, handWrittenSource, type Table } from '../../../c8connector/test/fixtures/hand-written-source.ts';
import { sourceFindings } from '../findings.ts';
import { byId } from '../hand-written.ts';

/** What becomes of the messages of an honest read. */
export type Change = (messages: AsyncIterable<SourceMessage>) => AsyncIterable<SourceMessage>;

/** How a hand-written source is broken. */
interface Broken {
  readonly tables?: Readonly<Record<string, Table>>;
  readonly habits?: Partial<Habits>;
  readonly change?: Change;
  readonly members?: (honest: SourceConnector) => Partial<SourceConnector>;
}

/** What one check finds in a hand-written source whose messages are changed, or some of its members. */
export async function findings(only: number, { tables = { numbers: byId }, habits, change, members }: Broken) {
  const connector = () => {
    const honest = handWrittenSource(tables, habits);
    const read: SourceConnector['read'] = (request) => change?.(honest.read(request)) ?? honest.read(request);
    return { ...honest, read, ...members?.(honest) };
  };
  return await sourceFindings(() => ({}), { connector, config: {}, only });
}

/** Changes each message alone; what is undefined is left out. */
export function each(change: (message: SourceMessage, index: number) => SourceMessage | undefined): Change {
  return async function* (messages) {
    let index = 0;
    for await (const message of messages) {
      const changed = change(message, index++);
      if (changed !== undefined) yield changed;
    }
  };
}

/** A batch with each of its rows changed. */
export function withRows(batch: RecordsMessage, change: (row: Row) => Row): RecordsMessage {
  return Batch.ofRows(batch, batch.rows().map(change));
}

/** A STATE of the stream `numbers`. */
export function bookmarked(value: number): SourceMessage {
  const bookmark = { replication_key: 'id', replication_key_value: value };
  return { type: 'STATE', value: { bookmarks: { numbers: bookmark } } };
}
