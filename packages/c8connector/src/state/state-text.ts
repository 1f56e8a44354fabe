import type { ConnectionState } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';
import { stringifyValue } from '../jsonl/values.ts';
import { singerState } from '../singer/state.ts';
import { writeOwnData } from './own-data.ts';
import type { ColumnSummary } from './schema-change.ts';

/** Makes the text of a state file: a Singer state that taps accept, and our own data under `c8`; a line a stream in each. */
export type StateText = (state: ConnectionState, columns: ReadonlyMap<string, ColumnSummary>) => string;

/** A {@link StateText} for one file. The text of unchanged streams is reused: with thousands of streams that is nearly all of it. */
export function stateText(): StateText {
  const texts = new WeakMap<object, string>();
  const bookmarks = new WeakMap<object, { readonly run: string | undefined; readonly text: string }>();

  const textOf = (value: object): string => {
    const text = texts.get(value) ?? stringifyValue(value);
    texts.set(value, text);
    return text;
  };
  const bookmarkText = (bookmark: Bookmark, { streams, run }: ConnectionState, stream: string): string => {
    const progress = Object.hasOwn(streams, stream) ? streams[stream] : undefined;
    if (progress === undefined) return stringifyValue(bookmark);
    const made = bookmarks.get(progress);
    // Only what the current run has copied is complete.
    if (made !== undefined && made.run === run?.id) return made.text;
    const text = stringifyValue(bookmark);
    bookmarks.set(progress, { run: run?.id, text });
    return text;
  };

  return (state, columns) => {
    const { streams, columns: summaries, ...own } = writeOwnData(state, columns);
    const c8 = [
      ...membersOf(own).map(([key, value]) => [key, stringifyValue(value)] as const),
      ['streams', lines(Object.entries(streams), 2, textOf)],
      ['columns', lines(Object.entries(summaries), 2, textOf)],
    ] as const;
    const singer = state.hasOwnState === true ? state.rest : singerState(state);
    const marks = (bookmarks: Readonly<Record<string, Bookmark>>): string =>
      lines(Object.entries(bookmarks), 1, (bookmark, stream) => bookmarkText(bookmark, state, stream));
    const all = membersOf(singer).map(
      ([key, value]) => [key, key === 'bookmarks' ? marks(singer.bookmarks ?? {}) : stringifyValue(value)] as const,
    );
    return `${lines([...all, ['c8', lines(c8, 1)]], 0)}\n`;
  };
}

function membersOf(value: object): readonly Member<unknown>[] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

type Member<T> = readonly [key: string, value: T];

/** A JSON object with a line for each member. `text` makes the JSON of its value; without it the value is already JSON. */
function lines(members: readonly Member<string>[], depth: number): string;
function lines<T>(members: readonly Member<T>[], depth: number, text: (value: T, key: string) => string): string;
function lines(
  members: readonly Member<unknown>[],
  depth: number,
  text: (value: unknown, key: string) => string = String,
): string {
  if (members.length === 0) return '{}';
  const indent = '  '.repeat(depth);
  const all = members.map(([key, value]) => `${indent}  ${JSON.stringify(key)}: ${text(value, key)}`);
  return `{\n${all.join(',\n')}\n${indent}}`;
}
