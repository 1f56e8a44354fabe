import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { Sample } from '../interface/connector.ts';
import { type C8Error, isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Stream } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { Batch } from '../jsonl/batch.ts';
import { c8ReservedKeys, renameRow, renameSchema, reservedNames } from '../jsonl/reserved-keys.ts';
import { schemaOf } from './schema-of.ts';
import type { SourceDefinition } from './source-definition.ts';

/** Rows of a sample at most. */
const sampleRows = 10;
/** Streams that are sampled at the same time. */
const concurrency = 4;

/**
 * The first rows of each stream under the names a C8 target would give its columns. Reading stops as soon as there are enough. A stream that fails by its own
 * fault is told to the log and has no rows; when all fail, the first error is thrown.
 */
export async function sampleStreams<P extends ConfigDeclaration, S extends Stream>(
  definition: SourceDefinition<P, S>,
  config: ConfigOf<P>,
  streams: readonly S[],
  options: { readonly signal: AbortSignal; readonly log: Log },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const failures: C8Error[] = [];
  const queue = [...streams.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      options.signal.throwIfAborted();
      const [index, stream] = next;
      samples[index] = await sampleStream(definition, config, stream, options).catch((error: unknown) => {
        // Its own fault: the others can still be seen.
        if (!isC8Error(error) || error.details.stream !== stream.id) throw error;
        failures.push(error);
        options.log.warn(`no sample of ${stream.id}: ${error.message}`, { code: error.code });
        const keys = stream.keyProperties ?? [];
        const names = reservedNames(stream.schema, keys, c8ReservedKeys);
        return { schema: schemaOf(stream.id, renameSchema(stream.schema, keys, names).schema), data: [] };
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failures.length > 0 && failures.length === streams.length) throw failures[0];
  return samples;
}

async function sampleStream<P extends ConfigDeclaration, S extends Stream>(
  definition: SourceDefinition<P, S>,
  config: ConfigOf<P>,
  stream: S,
  options: { readonly signal: AbortSignal; readonly log: Log },
): Promise<Sample> {
  const keys = stream.keyProperties ?? [];
  const names = reservedNames(stream.schema, keys, c8ReservedKeys);
  const rows: Row[] = [];
  const pages = definition.read(stream, {
    config,
    columns: Object.keys(stream.schema.properties),
    schema: stream.schema,
    exact: 'number',
    limit: sampleRows,
    ...options,
  });
  for await (const page of pages) {
    rows.push(...pageRows(page, stream).slice(0, sampleRows - rows.length));
    if (rows.length >= sampleRows) break;
  }
  const { schema } = renameSchema(stream.schema, keys, names);
  return { schema: schemaOf(stream.id, schema), data: rows.map((row) => renameRow(row, names)) };
}

function pageRows(page: import('./source-definition.ts').Page, stream: Stream): readonly Row[] {
  if ('rows' in page) return page.rows;
  const header = { stream: stream.id, schema: stream.schema, extractedAt: '', exact: page.exact ?? 'number' } as const;
  return Batch.ofLines(header, page.lines, page.count).rows();
}
