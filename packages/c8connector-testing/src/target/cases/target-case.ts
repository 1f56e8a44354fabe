import type { Row, State, ValueSchema } from 'c8connector';

/** One situation that a target must handle: what a tap sends, and what must be stored afterwards. */
export interface TargetCase {
  readonly number: number;
  readonly title: string;
  readonly where: string;
  /** The prefix of the stream's name, which ends with random characters, since the same storage may be used repeatedly. */
  readonly name: string;
  /** The messages of the tap, without the last STATE, which follows. */
  messages(stream: string): readonly object[];
  /** The stored rows when nothing is replaced. */
  readonly stored: readonly Row[];
  /** The stored rows when a later record replaces those with its key; the same as `stored` when left out. */
  readonly upserted?: readonly Row[];
  /** Codes of the errors with which the input may be refused. When left out, it must be accepted. */
  readonly refusedWith?: readonly string[];
}

/** A SCHEMA message. */
export function schemaMessage(
  stream: string,
  properties: Readonly<Record<string, object>>,
  keys: readonly string[] = ['id'],
  more: Readonly<Record<string, unknown>> = {},
): object {
  return { type: 'SCHEMA', stream, schema: { type: 'object', properties, ...more }, key_properties: keys };
}

/** One RECORD message for each row. */
export function recordMessages(stream: string, rows: readonly Row[]): object[] {
  return rows.map((record) => ({ type: 'RECORD', stream, record, time_extracted: '2023-04-05T06:07:08.123456Z' }));
}

export function stateMessage(value: State): object {
  return { type: 'STATE', value };
}

/** The state that is at the end of a case. */
export function lastState(stream: string): State {
  return { bookmarks: { [stream]: { finished: true } } };
}

/** Types in the form that most taps write. */
export const types = {
  id: { type: 'integer' },
  integer: { type: ['null', 'integer'] },
  number: { type: ['null', 'number'] },
  text: { type: ['null', 'string'] },
} as const satisfies Readonly<Record<string, ValueSchema>>;
