import type { PlannedStream } from 'c8connector';
import { formatCount, formatDuration, type RunView, type StreamView } from 'c8connector-host';
import type { painter } from './colours.ts';
import { formatRate } from './counts.ts';
import type { Shown } from './shown.ts';
import { table, terminalWidth } from './tables.ts';

const kept = { copy: 'nothing: starts again', resume: 'up to here: resumes', skip: 'all' } as const;
const colours = { running: 'dim', done: 'green', failed: 'red', stopped: 'yellow' } as const;

/** The result of a run: a table of its streams, and one line for the run as a whole. `next` is what the next run would do with a stream. */
export function summary(
  { status, streams, durationMs }: RunView,
  next: ReadonlyMap<string, PlannedStream['action']>,
  { paint, mask }: { readonly paint: ReturnType<typeof painter>; readonly mask: (text: string) => string },
): Exclude<Shown, string> {
  const rows = streams.map((stream) => [
    // Masked before it is cut: a cut secret is harder to find.
    mask(stream.stream),
    statusOf(stream),
    formatCount(stream.read),
    formatCount(stream.written),
    formatCount(stream.rejected),
    keptOf(stream, next),
    stream.read === 0 ? '' : formatRate(stream.read, stream.durationMs),
    stream.durationMs === 0 ? '' : formatDuration(stream.durationMs),
  ]);
  const head = ['stream', 'status', 'read', 'written', 'rejected', 'kept', 'rows/s', 'time'];
  const drawn = table(head, rows, { width: terminalWidth(process.stderr), cell: 40, right: [2, 3, 4, 6, 7] });
  const written = streams.reduce((sum, stream) => sum + stream.written, 0);
  const rejected = streams.reduce((sum, stream) => sum + stream.rejected, 0);
  const rejectedText = rejected === 0 ? '' : `, ${formatCount(rejected)} rejected`;
  const total = `${status}: ${formatCount(written)} rows written${rejectedText} in ${formatDuration(durationMs)}`;
  return [drawn, paint(colours[status], total)];
}

function statusOf({ status, phase }: StreamView): string {
  if (status === 'skipped') return 'done before';
  return status === 'stopped' && phase !== undefined ? `stopped while ${phase}` : status;
}

function keptOf({ stream, status }: StreamView, next: ReadonlyMap<string, PlannedStream['action']>): string {
  return status === 'done' || status === 'skipped' ? 'all' : kept[next.get(stream) ?? 'copy'];
}
