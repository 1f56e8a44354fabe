import { type RunEvent, visible } from 'c8connector';
import { type CurrentRun, formatCount, formatDuration, type StreamView } from 'c8connector-host';
import { MultiBar, type SingleBar } from 'cli-progress';
import { formatRate, formatSize } from './counts.ts';

const barWidth = 20;
/** How many lines of the terminal the bars leave free. */
const freeLines = 4;

/** Progress bars on a terminal, one for each stream that is or was read. `log` writes a line above them. */
export interface ProgressBars {
  onEvent(event: RunEvent, current: CurrentRun): void;
  log(line: string): void;
  /** Draws for the last time, and restores the terminal. */
  close(): void;
}

export function createProgressBars(stream: NodeJS.WriteStream, mask: (text: string) => string): ProgressBars {
  const bars = new Map<string, SingleBar>();
  let nameWidth = 10;
  const multi = new MultiBar({
    stream,
    format: (_options, params, payload) => line(params, payload, nameWidth, stream.columns),
    fps: 10,
    gracefulExit: false,
    emptyOnZero: true,
    forceRedraw: true,
  });
  const most = (): number => Math.max(1, (stream.rows || 24) - freeLines);

  const show = (shown: StreamView): void => {
    const { stream: name, read, bytes, rejected, durationMs, estimate } = shown;
    const rate = formatRate(read, durationMs);
    const payload: Payload = { name: visible(mask(name)), bytes, rate, rejected, phase: phaseText(shown) };
    const bar = bars.get(name);
    if (bar !== undefined) {
      bar.update(read, payload);
      return;
    }
    if (bars.size >= most()) drop();
    bars.set(name, multi.create(estimate ?? 0, read, payload));
  };
  // The oldest bar is removed: its stream was read first and is most likely done.
  const drop = (): void => {
    const [oldest] = bars;
    if (oldest === undefined) return;
    multi.remove(oldest[1]);
    bars.delete(oldest[0]);
  };

  const log = (text: string): void => {
    if (bars.size > 0) multi.log(`${text}\n`);
    else stream.write(`${text}\n`);
  };

  return {
    onEvent(event, { stream: streamOf }) {
      if (event.type === 'planned') {
        nameWidth = Math.min(30, Math.max(nameWidth, ...event.streams.map(({ stream: name }) => visible(name).length)));
      }
      if (event.type === 'progress' || (event.type === 'stream' && bars.has(event.stream))) {
        const shown = streamOf(event.stream);
        if (shown !== undefined) show(shown);
      }
      if (event.type === 'schema_changed') log(visible(mask(changeText(event))));
      if (event.type === 'retry') log(visible(mask(retryText(event))));
    },
    log,
    close() {
      // A run that ended before its first rows has drawn nothing.
      if (bars.size === 0) return;
      multi.update();
      multi.stop();
    },
  };
}

interface Payload {
  readonly name: string;
  readonly bytes: number;
  readonly rate: string;
  readonly rejected: number;
  /** The text in place of the bar; '' when there is a bar. */
  readonly phase: string;
}

function line(
  { value, total }: { readonly value: number; readonly total: number },
  payload: Payload,
  nameWidth: number,
  columns: number | undefined,
): string {
  const { name, bytes } = payload;
  const shown = name.length > nameWidth ? `${name.slice(0, nameWidth - 1)}…` : name.padEnd(nameWidth);
  const share = total > 0 ? Math.min(1, value / total) : undefined;
  const filled = Math.round((share ?? 0) * barWidth);
  const measured = share === undefined ? '·'.repeat(barWidth) : '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  const { phase } = payload;
  const bar = phase === '' ? measured : `${phase} `.slice(0, barWidth).padEnd(barWidth, '·');
  const percent = share === undefined || phase !== '' ? '    ' : `${Math.floor(share * 100)}%`.padStart(4);
  const left = payload.rejected === 0 ? '' : `  ${formatCount(payload.rejected)} rejected`;
  const numbers = `${formatCount(value).padStart(11)} rows  ${formatSize(bytes).padStart(9)}  ${payload.rate.padStart(9)} rows/s${left}`;
  return `${shown} ${bar} ${percent} ${numbers}`.slice(0, (columns || 80) - 1);
}

/** '' when the bar is shown: while a copy is read, and when a stream with an estimated number of rows is done. New rows have no estimate, and a log has no end. */
function phaseText({ phase, lag, estimate }: StreamView): string {
  if (phase === undefined || phase === 'copying' || (phase === 'done' && estimate !== undefined)) return '';
  if (phase !== 'following') return phase;
  if (lag?.milliseconds !== undefined) return `${formatDuration(lag.milliseconds)} behind`;
  return lag?.bytes === undefined ? phase : `${formatSize(lag.bytes)} behind`;
}

function retryText({ streams, delayMs, error }: Extract<RunEvent, { type: 'retry' }>): string {
  return `${streams.join(', ')}: ${error.message}; will try again in ${formatDuration(delayMs)}`;
}

/** The columns of a stream that differ from the last run, as a sentence. */
function changeText({ stream, ...changes }: Extract<RunEvent, { type: 'schema_changed' }>): string {
  const parts = (['added', 'removed', 'changed'] as const)
    .filter((what) => changes[what].length > 0)
    .map((what) => `${what} ${changes[what].join(', ')}`);
  return `${stream}: columns are not what they were in the last run: ${parts.join('; ')}`;
}
