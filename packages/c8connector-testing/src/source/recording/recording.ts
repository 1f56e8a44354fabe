import { setImmediate } from 'node:timers/promises';
import type { Catalog, Log, RecordsMessage, SourceConnector, SourceMessage, State, StateMessage } from 'c8connector';
import { selectStreams, waitFor } from 'c8connector';
import { Finding } from '../../check.ts';
import { selectAll } from './selected-catalog.ts';

/** Everything that was read of some streams, in order. */
export interface Recording {
  /** The messages of all reads, one read after another when streams were capped; each stream only from one read. */
  readonly messages: readonly SourceMessage[];
  /** The messages of each read. There are several when streams were capped. */
  readonly reads: readonly (readonly SourceMessage[])[];
  /** How often each line occurred, by stream. */
  readonly lines: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Streams that have more rows than were read. */
  readonly capped: ReadonlySet<string>;
}

/** A read of the kit. */
export interface RecordRequest {
  readonly config: unknown;
  readonly catalog: Catalog;
  readonly state?: State | undefined;
  readonly log: Log;
}

/** Approximately the most rows of a stream that are read, unless the options say otherwise. */
export const defaultRecordCap = 150;

/** The most consecutive messages without a record, plus a hundred for each stream. */
const mostIdleMessages = 10_000;
/** How long a source may take to end a read early, in milliseconds. */
const returnLimit = 5000;

/**
 * Reads everything that the catalog selects. When a stream exceeds `cap` rows, the read is ended, and another one reads the streams that are
 * still missing.
 */
export async function record(
  source: SourceConnector,
  request: RecordRequest,
  cap: number = defaultRecordCap,
): Promise<Recording> {
  const ids = selectStreams(request.catalog).map((entry) => entry.tap_stream_id);
  const kept: SourceMessage[] = [];
  const reads: (readonly SourceMessage[])[] = [];
  const capped = new Set<string>();
  let missing: readonly string[] = ids;
  for (;;) {
    const catalog = capped.size === 0 ? request.catalog : selectAll(request.catalog, missing);
    const { messages, stoppedAt } = await readOnce(source, { ...request, catalog }, cap);
    reads.push(messages);
    if (stoppedAt === undefined) {
      kept.push(...messages);
      break;
    }
    capped.add(stoppedAt);
    const done = doneBefore(messages, stoppedAt);
    missing = missing.filter((id) => !done.has(id) && !capped.has(id));
    kept.push(...messages.filter((message) => message.type === 'STATE' || !missing.includes(message.stream)));
    if (missing.length === 0) break;
  }
  return { messages: kept, reads, lines: countLines(kept, ids), capped };
}

/** Streams without messages after the beginning of the stream at which the read was stopped, which are complete: sources read streams one after another, or interleave them all the time. */
function doneBefore(messages: readonly SourceMessage[], stoppedAt: string): ReadonlySet<string> {
  const isOf = (message: SourceMessage, stream: string) => message.type !== 'STATE' && message.stream === stream;
  const begin = messages.findIndex((message) => isOf(message, stoppedAt));
  const streams = new Set(messages.slice(0, begin).flatMap((message) => ('stream' in message ? [message.stream] : [])));
  const later = messages.slice(begin);
  return new Set([...streams].filter((stream) => !later.some((message) => isOf(message, stream))));
}

async function readOnce(
  source: SourceConnector,
  request: RecordRequest,
  cap: number,
): Promise<{ readonly messages: readonly SourceMessage[]; readonly stoppedAt?: string }> {
  const messages: SourceMessage[] = [];
  const rows = new Map<string, number>();
  const limit = mostIdleMessages + 100 * request.catalog.streams.length;
  const { signal } = new AbortController();
  const iterator = source.read({ ...request, exact: 'number', statePerPage: true, signal })[Symbol.asyncIterator]();
  let idle = 0;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    const message = next.value;
    // A source that never waits would keep all timers from firing, including the time-out.
    if (messages.length % 64 === 63) await setImmediate();
    idle = message.type === 'RECORDS' && message.count > 0 ? 0 : idle + 1;
    if (message.type === 'RECORDS') {
      const before = rows.get(message.stream) ?? 0;
      if (before >= cap && message.count > 0) {
        await endRead(iterator);
        return { messages, stoppedAt: message.stream };
      }
      rows.set(message.stream, before + message.count);
    }
    messages.push(message);
    if (idle > limit) {
      await endRead(iterator);
      throw new Finding('a read that comes to its end', `${idle} messages in a row without a record`);
    }
  }
  return { messages };
}

/** Ends a read. A read that cannot be ended is reported by check 41, and must not block other checks. */
async function endRead(iterator: AsyncIterator<SourceMessage>): Promise<void> {
  await waitFor(Promise.resolve(iterator.return?.()), { milliseconds: returnLimit }).catch(() => undefined);
}

function countLines(
  messages: readonly SourceMessage[],
  ids: readonly string[],
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const lines = new Map<string, Map<string, number>>(ids.map((id) => [id, new Map()]));
  for (const message of messages) {
    if (message.type !== 'RECORDS') continue;
    const counts = lines.get(message.stream) ?? new Map<string, number>();
    lines.set(message.stream, counts);
    for (const line of contentsOf(message)) counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return lines;
}

/** Continues a read until its first records, or its end. */
export async function untilRecords(iterator: AsyncIterator<SourceMessage>): Promise<void> {
  for (;;) {
    const next = await iterator.next();
    if (next.done === true || next.value.type === 'RECORDS') return;
  }
}

/** The last state of a read; undefined when there is none. */
export function lastState(messages: readonly SourceMessage[]): State | undefined {
  return messages.findLast((message): message is StateMessage => message.type === 'STATE')?.value;
}

/** The lines of a batch as texts. */
export function linesOf(batch: RecordsMessage): string[] {
  const text = Buffer.from(batch.lines()).toString();
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n').filter((line) => line !== '');
}

const sequence = /,"_sdc_sequence":\d+|(?<=^\{)"_sdc_sequence":\d+,?/;

/** The same without `_sdc_sequence`, which rows of a followed stream have and which differs in each read. */
export function contentsOf(batch: RecordsMessage): string[] {
  const lines = linesOf(batch);
  if (!Object.hasOwn(batch.schema.properties, '_sdc_sequence')) return lines;
  return lines.map((line) => line.replace(sequence, ''));
}
