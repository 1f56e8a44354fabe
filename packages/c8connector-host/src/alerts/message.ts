import { errorCodes } from 'c8connector';
import { formatCount, formatDuration } from '../format.ts';
import type { RunView } from '../run/view.ts';
import type { AlertEvent } from './alert.ts';
import type { StreamFailure } from './memory.ts';

/** The fields that a template of an alert can name. */
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

/** A value for each of them. */
export type AlertFields = Readonly<Record<(typeof alertFields)[number], string>>;

/** The most names, and lines of one kind, in a message. */
const most = 5;
/** The most characters of an error in a message. */
const longest = 1000;

/** The message of an event; undefined when the event did not happen in the run. `failures` are those for which no alert was sent before. */
export function alertMessage(
  event: AlertEvent,
  view: RunView,
  failures: readonly StreamFailure[],
): AlertFields | undefined {
  const parts = partsOf[event](view, failures);
  if (parts === undefined) return undefined;
  const { lines, nextStep, ...fields } = parts;
  return {
    event,
    connection: view.connection,
    status: view.status,
    streams: listed(view.streams.map(({ stream }) => stream)),
    stream: '',
    error: '',
    code: '',
    rows: String(writtenRows(view)),
    duration: formatDuration(view.durationMs),
    next_step: nextStep,
    ...fields,
    summary: [...lines, ...(nextStep === nothingToDo ? [] : [`Next: ${nextStep}`])].join('\n'),
  };
}

interface MessageParts extends Partial<Pick<AlertFields, 'stream' | 'error' | 'code' | 'rows'>> {
  /** The lines of the summary. */
  readonly lines: readonly string[];
  readonly nextStep: string;
}

const nothingToDo = 'Nothing to do.';

const partsOf: Readonly<
  Record<AlertEvent, (view: RunView, failures: readonly StreamFailure[]) => MessageParts | undefined>
> = {
  failure(view, failures) {
    if (failures.length === 0) return undefined;
    const remedies = unique(failures.map(({ error }) => error.remedy ?? 'See the log of the run.'));
    const duration = formatDuration(view.durationMs);
    return {
      stream: listed(failures.map(({ stream }) => stream).filter((stream) => stream !== '')),
      error: limited(unique(failures.map(({ error }) => cut(error.message)))).join('\n'),
      code: unique(failures.map(({ error }) => error.code)).join(', '),
      lines: [
        `${view.connection} failed after ${duration}, ${formatCount(writtenRows(view))} rows written`,
        ...limited(failureLines(failures)),
      ],
      nextStep: limited(remedies).join(' '),
    };
  },
  rejected({ connection, streams }) {
    const affected = streams.filter(({ rejected }) => rejected > 0);
    const rows = affected.flatMap(({ stream, rejections }) => rejections.map((row) => ({ stream, ...row })));
    const first = rows.slice(0, most);
    if (first[0] === undefined) return undefined;
    const total = affected.reduce((sum, { rejected }) => sum + rejected, 0);
    const lines = first.map(({ stream, row, code, message }) => `${stream} ${row}: ${code}: ${cut(message)}`);
    return {
      stream: listed(affected.map(({ stream }) => stream)),
      error: limited(unique(first.map(({ message }) => cut(message)))).join('\n'),
      code: unique(first.map(({ code }) => code)).join(', '),
      rows: String(total),
      lines: [
        `${connection}: ${total === 1 ? '1 row was' : `${formatCount(total)} rows were`} left out`,
        ...limited(lines, total),
      ],
      nextStep: remedyOf(first[0].code) ?? 'Correct these rows in the source.',
    };
  },
  schema_change({ connection, streams }) {
    const changes = streams.flatMap(({ stream, schemaChange }) =>
      schemaChange === undefined ? [] : [{ stream, ...schemaChange }],
    );
    if (changes.length === 0) return undefined;
    const lines = changes.map(({ stream, added, removed, changed }) => {
      const parts = Object.entries({ added, removed, changed }).filter(([, columns]) => columns.length > 0);
      return `${stream}: ${parts.map(([what, columns]) => `${what} ${listed(columns)}`).join('; ')}`;
    });
    return {
      stream: listed(changes.map(({ stream }) => stream)),
      lines: [`${connection}: columns are not what they were in the last run`, ...limited(lines)],
      nextStep: 'See whether all who read the target expect these columns.',
    };
  },
  success(view) {
    if (view.status !== 'done') return undefined;
    const { connection, streams, durationMs } = view;
    const of = streams.length === 1 ? '1 stream' : `${streams.length} streams`;
    const rows = formatCount(writtenRows(view));
    return {
      lines: [`${connection} is done: ${rows} rows of ${of} written in ${formatDuration(durationMs)}`],
      nextStep: nothingToDo,
    };
  },
};

function writtenRows({ streams }: RunView): number {
  return streams.reduce((sum, { written }) => sum + written, 0);
}

/** Streams that failed together share a line. */
function failureLines(failures: readonly StreamFailure[]): readonly string[] {
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

/** The first lines, and how many more there are. */
function limited(lines: readonly string[], total = lines.length): readonly string[] {
  const shown = lines.slice(0, most);
  return total > shown.length ? [...shown, `and ${formatCount(total - shown.length)} more`] : shown;
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
