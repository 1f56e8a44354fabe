import {
  defineSource,
  neverStop,
  openMemoryStateStore,
  type RunEvent,
  run,
  type StateStore,
  silentLog,
} from 'c8connector';
import { expect } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { collect, keysOf, type Opened } from './harness.ts';
import { readBack } from './read-back.ts';

/** Rows of a stream `s` that is copied in pages, each with a bookmark. */
export interface SyncRows {
  readonly pages: number;
  readonly rowsOfPage: number;
  /** Of its text, by id. */
  readonly text: (id: number) => string;
}

/** A source of these rows. */
function sourceOf({ pages, rowsOfPage, text }: SyncRows) {
  const Source = defineSource({
    package: { name: 'c8-source-pages', version: '1.0.0' },
    name: 'Pages',
    description: 'Rows in pages.',
    config: {},
    discover: () => [
      {
        id: 's',
        keyProperties: ['id'],
        schema: { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } },
      },
    ],
    *read(_stream, { bookmark }) {
      for (let page = Number(bookmark?.next ?? 0); page < pages; page += 1) {
        const ids = Array.from({ length: rowsOfPage }, (_, index) => page * rowsOfPage + index);
        const lines = ids.map((id) => `${JSON.stringify({ id, text: text(id) })}\n`);
        yield { lines: Buffer.from(lines.join('')), count: ids.length, bookmark: { next: page + 1 } };
      }
    },
  });
  return new Source();
}

/** The result of a sync. */
export interface Synced {
  readonly failure: string | undefined;
  readonly retries: number;
}

/** Copies the rows with the real runtime. With the store of an earlier run, it is the next run of the same connection. */
export async function sync(
  target: Pick<Opened, 'config'>,
  rows: SyncRows,
  store: StateStore = openMemoryStateStore(),
): Promise<Synced> {
  const source = sourceOf(rows);
  const catalog = await source.discover({});
  for (const entry of catalog.streams)
    Object.assign(entry.metadata.find(({ breadcrumb }) => breadcrumb.length === 0)?.metadata ?? {}, { selected: true });
  let failure: string | undefined;
  let retries = 0;
  const onEvent = (event: RunEvent) => {
    if (event.type === 'failed') failure = `${event.error.code}: ${event.error.message}`;
    if (event.type === 'retry') retries += 1;
  };
  await run({
    ...{ source, sourceConfig: {}, target: new S3Target(), targetConfig: target.config },
    ...{ catalog, store, stop: neverStop(), log: silentLog, onEvent },
  });
  return { failure, retries };
}

/** Each row counts once, and nothing else is in the bucket: neither objects nor uploads. */
export async function expectOnlyRows(target: Opened, { pages, rowsOfPage, text }: SyncRows): Promise<void> {
  const config = target.config as { readonly bucket: string };
  const found = await readBack(target.server, config, 's', undefined, { all: false });
  const rows = found.map((row) => [Number(row.id), row.text]).sort(([left], [right]) => Number(left) - Number(right));
  const expected = Array.from({ length: pages * rowsOfPage }, (_, id) => [id, text(id)]);
  expect(rows.length).toBe(expected.length);
  expect(rows.every(([id, value], index) => id === expected[index]?.[0] && value === expected[index]?.[1])).toBe(true);
  const objects = await collect(new S3Target().objects?.(config, { all: true }) ?? (async function* () {})());
  expect(keysOf(target.server, target.bucket)).toEqual(objects.map(({ key }) => key).toSorted());
  expect(target.server.openUploads(target.bucket)).toEqual([]);
}
