import { errorCodes } from 'c8connector';
import { formatCount, formatDuration } from '../format.ts';
import type { Failure, SeenRun } from '../run/view.ts';
import type { AlertEvent } from './alert.ts';

/** What the templates of an alert can put in. */
export const alertFields = [
  'event',
  'connection',
  'status',
  'streams',
  'stream',
  'error',
  'code',
  'rows',
  'duration',
  'next_step',
  'summary',
] as const;

export type AlertFields = Readonly<Record<(typeof alertFields)[number], string>>;

/** Names and lines of a kind that a message tells. */
const most = 5;
/** Characters of an error that a message tells. */
const longest = 1000;

/** What an alert says of an event; undefined when the run was not one. `failures` are those that are news. */
export function alertMessage(event: AlertEvent, run: SeenRun, failures: readonly Failure[]): AlertFields | undefined {
  const told = tell[event](run, failures);
  if (told === undefined) return undefined;
  const { connection, streams, durationMs } = run;
  const { lines, nextStep, ...facts } = told;
  return {
    event,
    connection,
    status: run.status,
    streams: listed(streams),
    stream: '',
    error: '',
    code: '',
    rows: String(run.written),
    duration: formatDuration(durationMs),
    next_step: nextStep,
    ...facts,
    summary: [...lines, ...(nextStep === nothingToDo ? [] : [`Next: ${nextStep}`])].join('\n'),
  };
}

interface Told extends Partial<Pick<AlertFields, 'stream' | 'error' | 'code' | 'rows'>> {
  /** Of the summary. */
  readonly lines: readonly string[];
  readonly nextStep: string;
}

const nothingToDo = 'Nothing to do.';

const tell: Readonly<Record<AlertEvent, (run: SeenRun, failures: readonly Failure[]) => Told | undefined>> = {
  failure(run, failures) {
    if (failures.length === 0) return undefined;
    const remedies = unique(failures.map(({ error }) => error.remedy ?? 'See the log of the run.'));
    return {
      stream: listed(failures.map(({ stream }) => stream).filter((stream) => stream !== '')),
      error: limited(unique(failures.map(({ error }) => cut(error.message)))).join('\n'),
      code: unique(failures.map(({ error }) => error.code)).join(', '),
      lines: [
        `${run.connection} failed after ${formatDuration(run.durationMs)}, ${formatCount(run.written)} rows written`,
        ...limited(failureLines(failures)),
      ],
      nextStep: limited(remedies).join(' '),
    };
  },
  rejected(run) {
    const { count: rejected, first } = run.rejected;
    const [row] = first;
    if (row === undefined) return undefined;
    const codes = unique(first.map(({ code }) => code));
    const lines = first.map(({ stream, row: key, code, message }) => `${stream} ${key}: ${code}: ${cut(message)}`);
    return {
      stream: listed([...run.rejected.streams]),
      error: limited(unique(first.map(({ message }) => cut(message)))).join('\n'),
      code: codes.join(', '),
      rows: String(rejected),
      lines: [
        `${run.connection}: ${rejected === 1 ? '1 row was' : `${formatCount(rejected)} rows were`} left out`,
        ...limited(lines, rejected),
      ],
      nextStep: remedyOf(row.code) ?? 'Correct these rows in the source.',
    };
  },
  schema_change(run) {
    if (run.changes.size === 0) return undefined;
    const lines = [...run.changes].map(([stream, { added, removed, changed }]) => {
      const parts = Object.entries({ added, removed, changed }).filter(([, columns]) => columns.length > 0);
      return `${stream}: ${parts.map(([what, columns]) => `${what} ${listed(columns)}`).join('; ')}`;
    });
    return {
      stream: listed([...run.changes.keys()]),
      lines: [`${run.connection}: columns are not what they were in the last run`, ...limited(lines)],
      nextStep: 'See whether all who read the target expect these columns.',
    };
  },
  success(run) {
    if (run.status !== 'done') return undefined;
    const { connection, written, streams, durationMs } = run;
    const of = streams.length === 1 ? '1 stream' : `${streams.length} streams`;
    return {
      lines: [`${connection} is done: ${formatCount(written)} rows of ${of} written in ${formatDuration(durationMs)}`],
      nextStep: nothingToDo,
    };
  },
};

/** Streams that failed together share a line. */
function failureLines(failures: readonly Failure[]): readonly string[] {
  const streams = new Map<string, string[]>();
  for (const { stream, error } of failures) {
    const text = `${error.code}: ${cut(error.message)}`;
    streams.set(text, [...(streams.get(text) ?? []), ...(stream === '' ? [] : [stream])]);
  }
  return [...streams].map(([text, names]) => (names.length === 0 ? text : `stream ${listed(names)}: ${text}`));
}

function remedyOf(code: string): string | undefined {
  return Object.entries(errorCodes).find(([known]) => known === code)?.[1].remedy;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** The first lines, and how many there are beyond them. */
function limited(lines: readonly string[], total = lines.length): readonly string[] {
  const shown = lines.slice(0, most);
  return total > shown.length ? [...shown, `and ${formatCount(total - shown.length)} more`] : shown;
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
