import type { PlannedStream } from './events.ts';
import type { StreamSummary, UnitStreamSummary, UnitSummary } from './summaries.ts';

/** The results of the streams of a run, from the summaries of its units. */
export interface RunSummary {
  /** Adds the counts and failures of a unit. */
  add(unit: UnitSummary): void;
  /** Records that streams failed without a unit of their own. */
  fail(streams: readonly string[]): void;
  /** Records that a stream is done: nothing is left to do, and nothing failed since it was last started over. */
  complete(stream: string): void;
  /** In the order of the plan. */
  streams(): readonly StreamSummary[];
  /** `failed` when a stream failed, `stopped` when one was stopped or not tried. */
  status(): 'done' | 'failed' | 'stopped';
}

interface Total {
  counts: Omit<StreamSummary, 'stream' | 'status' | 'durationMs'>;
  status: StreamSummary['status'];
  /** Milliseconds since 1970; from the first to the last unit that read the stream. */
  time: { readonly from: number; readonly to: number } | undefined;
}

/** An empty summary of a run with this plan. A stream counts as stopped until it is complete. */
export function summarizeRun(planned: readonly PlannedStream[]): RunSummary {
  const totals = new Map(planned.map(({ stream, action }) => [stream, nothing(action === 'skip')]));
  const statuses = () => [...totals.values()].map(({ status }) => status);
  return {
    add({ status, failure, streams }) {
      for (const counted of streams) {
        const total = totals.get(counted.stream);
        if (total === undefined) continue;
        total.counts = added(total.counts, counted);
        total.time = spanned(total.time, counted);
        if (failure?.streams.includes(counted.stream) === true) total.status = 'failed';
        if (status === 'stopped' && total.status === 'done') total.status = 'stopped';
      }
    },
    fail(streams) {
      for (const total of streams.flatMap((stream) => totals.get(stream) ?? [])) total.status = 'failed';
    },
    complete(stream) {
      const total = totals.get(stream);
      if (total !== undefined) total.status = 'done';
    },
    streams: () =>
      [...totals].map(([stream, { status, counts, time }]) => ({
        stream,
        status,
        ...counts,
        durationMs: time === undefined ? 0 : time.to - time.from,
      })),
    status() {
      if (statuses().includes('failed')) return 'failed';
      return statuses().includes('stopped') ? 'stopped' : 'done';
    },
  };
}

function nothing(isSkipped: boolean): Total {
  const counts = { read: 0, written: 0, rejected: 0, bytes: 0 };
  return { counts, status: isSkipped ? 'skipped' : 'stopped', time: undefined };
}

function added(counts: Total['counts'], more: UnitStreamSummary): Total['counts'] {
  return {
    read: counts.read + more.read,
    written: counts.written + more.written,
    rejected: counts.rejected + more.rejected,
    bytes: counts.bytes + more.bytes,
  };
}

function spanned(time: Total['time'], { startedAt, durationMs }: UnitStreamSummary): Total['time'] {
  if (startedAt === undefined) return time;
  const from = Date.parse(startedAt);
  const to = from + durationMs;
  return time === undefined ? { from, to } : { from: Math.min(time.from, from), to: Math.max(time.to, to) };
}
