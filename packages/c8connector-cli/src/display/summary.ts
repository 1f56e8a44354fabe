import type { RunEvent, StreamSummary } from 'c8connector';
import { formatCount, formatDuration } from 'c8connector-host';
import type { painter } from './colours.ts';
import { formatRate } from './counts.ts';
import { table, terminalWidth } from './tables.ts';

type Finished = Extract<RunEvent, { type: 'finished' }>;

const kept = { copy: 'nothing: starts again', resume: 'up to here: goes on', skip: 'all' } as const;

/** What became of each stream, as a table for people, and one line on the run as a whole. */
export function summary(
  finished: Finished,
  next: ReadonlyMap<string, keyof typeof kept>,
  paint: ReturnType<typeof painter>,
): string {
  const keptOf = ({ stream, status }: StreamSummary): string => {
    if (status === 'done' || status === 'skipped') return 'all';
    return kept[next.get(stream) ?? 'copy'];
  };
  const rows = finished.streams.map((stream) => [
    stream.stream,
    stream.status === 'skipped' ? 'done before' : stream.status,
    formatCount(stream.read),
    formatCount(stream.written),
    formatCount(stream.rejected),
    keptOf(stream),
    stream.read === 0 ? '' : formatRate(stream.read, stream.durationMs),
    stream.durationMs === 0 ? '' : formatDuration(stream.durationMs),
  ]);
  const head = ['stream', 'status', 'read', 'written', 'rejected', 'kept', 'rows/s', 'time'];
  const drawn = table(head, rows, { width: terminalWidth(process.stderr), cell: 40, right: [2, 3, 4, 6, 7] });
  const colour = { done: 'green', failed: 'red', stopped: 'yellow' } as const;
  const written = finished.streams.reduce((sum, stream) => sum + stream.written, 0);
  const rejected = finished.streams.reduce((sum, stream) => sum + stream.rejected, 0);
  const left = rejected === 0 ? '' : `, ${formatCount(rejected)} rejected`;
  const total = `${finished.status}: ${formatCount(written)} rows written${left} in ${formatDuration(finished.durationMs)}`;
  return `${drawn}${paint(colour[finished.status], total)}`;
}
