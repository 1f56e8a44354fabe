import { isDeepStrictEqual } from 'node:util';
import { DataError, defineSource, type LogPage, type Row, type StreamSchema } from '../../src/index.ts';

/** One change of a table, as its log has it. */
type Change =
  | { readonly stream: string; readonly row: Row }
  | { readonly stream: string; readonly schema: StreamSchema }
  | { readonly stream: string; readonly truncated: true };

interface Commit {
  readonly lsn: number;
  readonly changes: readonly Change[];
}

/** Tables in memory with a log, of which no more is kept than a reader has not confirmed. */
export interface LoggedDatabase {
  readonly tables: Map<string, Map<number, Row>>;
  readonly schemas: Map<string, StreamSchema>;
  /** The lowest position from which the log can be read; undefined while nobody asked for it to be kept. */
  kept: number | undefined;
  /** What was confirmed, in its order. */
  readonly confirmed: number[];
  /** The position of the last commit. */
  lsn(): number;
  /** The columns that a stream had at a position. */
  schemaAt(stream: string, lsn: number): StreamSchema;
  /** Applies changes to the tables and writes them to the log, as one commit. */
  commit(...changes: readonly Change[]): void;
  readonly commits: readonly Commit[];
  /** Resolves with the next commit. */
  next(signal: AbortSignal): Promise<void>;
}

const idAndName: StreamSchema = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: ['string', 'null'] } },
};

export function loggedDatabase(streams: readonly string[]): LoggedDatabase {
  const commits: Commit[] = [];
  let wake: (() => void)[] = [];
  const database: LoggedDatabase = {
    tables: new Map(streams.map((id) => [id, new Map()])),
    schemas: new Map(streams.map((id) => [id, idAndName])),
    kept: undefined,
    confirmed: [],
    commits,
    lsn: () => commits.at(-1)?.lsn ?? 0,
    schemaAt(stream, lsn) {
      const changes = commits.filter((one) => one.lsn <= lsn).flatMap((one) => one.changes);
      const last = changes.findLast((change) => change.stream === stream && 'schema' in change);
      return last !== undefined && 'schema' in last ? last.schema : idAndName;
    },
    commit(...changes) {
      for (const change of changes) apply(database, change);
      commits.push({ lsn: database.lsn() + 10, changes });
      for (const one of wake) one();
      wake = [];
    },
    next: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve());
        wake.push(resolve);
      }),
  };
  return database;
}

function apply({ tables, schemas }: LoggedDatabase, change: Change): void {
  if ('schema' in change) schemas.set(change.stream, change.schema);
  else if ('truncated' in change) tables.get(change.stream)?.clear();
  else {
    const id = Number(change.row.id);
    const table = tables.get(change.stream);
    if (typeof change.row._sdc_deleted_at === 'string') table?.delete(id);
    else table?.set(id, { ...table.get(id), ...change.row });
  }
}

interface Position {
  readonly lsn: number;
  /** Of a position inside a commit: this many of its changes were given. */
  readonly change?: number;
}

/** How a source over such a database behaves; the defaults are right. */
export interface LoggedOptions {
  /** Changes of a page; each is followed by a position. */
  readonly pageChanges?: number;
  /** Called before each row of a copy. */
  readonly onCopied?: (stream: string) => void;
  /** Called before each commit of the log is given. */
  readonly onRead?: (lsn: number) => Promise<void> | void;
  /** Called when the log is read, with the positions of the streams. */
  readonly onLog?: (positions: Readonly<Record<string, unknown>>, until: string) => void;
  readonly isResync?: boolean;
  /** A stream of which no change can be read. */
  readonly broken?: string;
}

/** A source over the database. It confirms what is durable before each page. */
export function loggedSource(database: LoggedDatabase, options: LoggedOptions = {}) {
  return new (defineSource({
    package: { name: 'c8-source-logged', version: '1.0.0' },
    name: 'Logged',
    description: 'Follows a log in memory.',
    config: {},
    discover: () =>
      [...database.schemas].map(([id, schema]) => ({
        id,
        schema,
        keyProperties: ['id'],
        replication: { methods: ['LOG_BASED', 'FULL_TABLE'] as const },
      })),
    async *read({ id }, { bookmark }) {
      const keys = [...(database.tables.get(id)?.keys() ?? [])].sort((one, other) => one - other);
      for (const key of keys.filter((one) => one > Number(bookmark?.id ?? 0))) {
        options.onCopied?.(id);
        const row = database.tables.get(id)?.get(key);
        if (row !== undefined) yield { rows: [row], bookmark: { id: key } };
      }
    },
    log: {
      columns: { _sdc_lsn: { type: ['integer', 'null'] } },
      begin() {
        database.kept ??= database.lsn();
        return { lsn: database.lsn() };
      },
      async *read(streams, { until, durable, signal }) {
        const positions = new Map(streams.map(({ stream, bookmark }) => [stream.id, bookmark as unknown as Position]));
        options.onLog?.(Object.fromEntries(positions), until);
        const from = Math.min(...[...positions.values()].map(({ lsn }) => lsn));
        if (database.kept === undefined || from < database.kept) {
          throw new DataError(`the log begins at ${database.kept}, and ${from} is wanted`, {
            code: 'log_position_lost',
            details: { streams: [...positions.keys()], isResync: options.isResync === true },
          });
        }
        // What was discovered are the columns of now.
        for (const { stream, bookmark } of streams) {
          const schema = database.schemaAt(stream.id, Number(bookmark.lsn));
          if (!isDeepStrictEqual(schema, stream.schema)) yield { stream: stream.id, schema };
        }
        const end = database.lsn();
        let at = from - 1;
        const confirm = async (): Promise<void> => {
          const known = await durable();
          const least = Math.min(...Object.values(known ?? {}).map((one) => wholeOf(one as unknown as Position)));
          if (known === undefined || least === Number.POSITIVE_INFINITY || least <= (database.kept ?? 0)) return;
          database.kept = least;
          database.confirmed.push(least);
        };
        while (!signal.aborted) {
          const commit = database.commits.find(({ lsn }) => lsn > at && lsn >= from);
          await confirm();
          if (commit === undefined) {
            if (until === 'now') return;
            await database.next(signal);
            continue;
          }
          if (until === 'now' && commit.lsn > end) return;
          await options.onRead?.(commit.lsn);
          if (commit.changes.some(({ stream }) => stream === options.broken && positions.has(stream)))
            throw new DataError('a change cannot be read', {
              code: 'value_refused',
              details: { stream: options.broken },
            });
          const lag = { bytes: database.lsn() - commit.lsn };
          for (const page of pagesOf(commit, positions, options.pageChanges ?? Number.POSITIVE_INFINITY))
            yield 'bookmark' in page ? { ...page, lag } : page;
          at = commit.lsn;
        }
      },
    },
  }))();
}

/** Whole commits alone can be forgotten. */
function wholeOf({ lsn, change }: Position): number {
  return change === undefined ? lsn : lsn - 1;
}

function* pagesOf(
  { lsn, changes }: Commit,
  positions: ReadonlyMap<string, Position>,
  pageChanges: number,
): Generator<LogPage> {
  const isBehind = (stream: string, index: number): boolean => {
    const position = positions.get(stream);
    if (position === undefined) return false;
    return lsn > position.lsn || (lsn === position.lsn && position.change !== undefined && index >= position.change);
  };
  for (const [index, change] of changes.entries()) {
    if (!isBehind(change.stream, index)) continue;
    if ('row' in change) yield { stream: change.stream, rows: [{ ...change.row, _sdc_lsn: lsn }] };
    else yield change;
    if ((index + 1) % pageChanges !== 0 || index + 1 === changes.length) continue;
    const moved = [...positions.keys()].filter((stream) => isBehind(stream, index));
    yield { bookmark: { lsn, change: index + 1 }, streams: moved };
  }
  const moved = [...positions].filter(([, position]) => lsn > position.lsn || position.change !== undefined);
  yield { bookmark: { lsn }, streams: moved.filter(([, position]) => lsn >= position.lsn).map(([stream]) => stream) };
}
