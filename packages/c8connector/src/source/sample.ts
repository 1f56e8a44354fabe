import type { ConfigDeclaration } from '../config/property.ts';
import { timedIterator } from '../deadline.ts';
import type { Sample } from '../interface/connector.ts';
import { type C8Error, ConnectionError, isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Replication } from '../interface/progress.ts';
import { defaultMethod, type Stream } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { Batch } from '../jsonl/batch.ts';
import { c8ReservedKeys, renameRow, renameSchema, reservedNames } from '../jsonl/reserved-keys.ts';
import { hasReplicationKey } from '../replication/methods.ts';
import { cutColumns } from './cut-columns.ts';
import type { OpenedStreams } from './open-source.ts';
import type { Opened } from './read-unit.ts';
import { schemaOf } from './schema-of.ts';
import type { Page } from './source-definition.ts';

/** The most rows of a sample. */
const sampleRows = 10;
/** The most milliseconds for the sample of one stream. */
const sampleTime = 10_000;
/** How many streams are sampled at the same time. */
const concurrency = 4;

interface SampleOptions {
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * The first rows of each stream, under the column names that a C8 target would use. Reading stops when there are enough rows, or after ten seconds with the rows
 * so far. A stream that fails by itself, or returns no row in time, is logged and has no rows; when all fail, the first error is thrown.
 */
export async function sampleStreams<P extends ConfigDeclaration, S extends Stream, R>(
  opened: OpenedStreams<P, S, R>,
  options: SampleOptions,
): Promise<Sample[]> {
  const { streams } = opened;
  const samples: Sample[] = [];
  const failures: C8Error[] = [];
  const queue = [...streams.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      options.signal.throwIfAborted();
      const [index, stream] = next;
      const rows = await firstRows(opened, stream, options).catch((error: unknown) => {
        // Only this stream failed: the others can still be sampled.
        if (!isC8Error(error) || error.details.stream !== stream.id) throw error;
        failures.push(error);
        options.log.warn(`no sample of ${stream.id}: ${error.message}`, { code: error.code });
        return [];
      });
      samples[index] = sampleOf(stream, rows);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failures.length > 0 && failures.length === streams.length) throw failures[0];
  return samples;
}

function sampleOf(stream: Stream, rows: readonly Row[]): Sample {
  const keys = stream.keyProperties ?? [];
  const names = reservedNames(stream.schema, keys, c8ReservedKeys);
  const { schema } = renameSchema(stream.schema, keys, names);
  return { schema: schemaOf(stream.id, schema), data: rows.map((row) => renameRow(row, names)) };
}

async function firstRows<P extends ConfigDeclaration, S extends Stream, R>(
  { definition, config, resource }: Opened<P, S, R>,
  stream: S,
  { signal, log }: SampleOptions,
): Promise<readonly Row[]> {
  const deadline = performance.now() + sampleTime;
  const end = new AbortController();
  const columns = Object.keys(stream.schema.properties);
  const read = definition.read(stream, {
    config,
    resource,
    ...replicationOf(stream),
    columns,
    schema: stream.schema,
    exact: 'number',
    limit: sampleRows,
    milliseconds: sampleTime,
    signal: AbortSignal.any([signal, end.signal]),
    log,
  });
  const pages = timedIterator(cutColumns(read, { stream: stream.id, declared: stream.schema, columns, log }));
  const rows: Row[] = [];
  try {
    while (rows.length < sampleRows) {
      const next = await pages.next({ milliseconds: deadline - performance.now(), signal });
      signal.throwIfAborted();
      if (next === undefined && rows.length === 0) throw tooSlow(stream);
      if (next === undefined || next.done === true) break;
      rows.push(...pageRows(next.value, stream).slice(0, sampleRows - rows.length));
    }
    return rows;
  } finally {
    end.abort();
    // A generator that waits for a server may never end, so it is not awaited.
    const returned = pages.return();
    if (!pages.isWaiting) await returned;
    else returned.catch(() => undefined);
  }
}

/** A sample is read from the whole stream, if the stream offers that. */
function replicationOf({ schema, replication }: Stream): Replication {
  const { methods = [defaultMethod], keys = Object.keys(schema.properties) } = replication ?? {};
  const method = methods.find((one) => one === defaultMethod) ?? methods[0] ?? defaultMethod;
  const [replicationKey] = hasReplicationKey(method) ? keys : [];
  return replicationKey === undefined ? { method } : { method, replicationKey };
}

function tooSlow(stream: Stream): ConnectionError {
  return new ConnectionError(`stream '${stream.id}' gave no row within ${sampleTime / 1000} seconds`, {
    code: 'connection_timeout',
    remedy: 'Check what it waits for in the source, such as a lock or a slow view.',
    details: { stream: stream.id },
  });
}

function pageRows(page: Page, stream: Stream): readonly Row[] {
  if ('rows' in page) return page.rows;
  const header = { stream: stream.id, schema: stream.schema, extractedAt: '', exact: 'number' } as const;
  if ('columns' in page) return Batch.ofColumns(header, page.columns, page.count).rows();
  const { exact = header.exact } = page;
  return Batch.ofLines({ ...header, exact }, page.lines, page.count).rows();
}
