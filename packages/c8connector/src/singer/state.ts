import { ConfigError } from '../interface/errors.ts';
import type { Bookmark, State } from '../interface/state.ts';
import { parseDocument } from './document.ts';

/** Reads the text of a state file; `file` is its name for the message of the ConfigError `state_unreadable`. `{}` is a first run's state. */
export function parseState(text: string, file: string): State {
  const refuse = (reason: string, cause?: unknown) =>
    new ConfigError(`The state file ${file} cannot be used: ${reason}.`, {
      code: 'state_unreadable',
      cause,
      details: { file },
    });
  const state = parseDocument(text, refuse);
  const { bookmarks, currently_syncing: syncing } = state;
  if (bookmarks !== undefined && !isObject(bookmarks)) throw refuse('its bookmarks are not an object');
  for (const [stream, bookmark] of Object.entries(bookmarks ?? {})) {
    if (!isObject(bookmark)) throw refuse(`the bookmark of ${JSON.stringify(stream)} is not an object`);
  }
  if (syncing !== undefined && syncing !== null && typeof syncing !== 'string')
    throw refuse('its currently_syncing is not a text');
  return state;
}

/** The bookmark of a stream, undefined when the state has none. */
export function bookmarkOf(state: State | undefined, stream: string): Bookmark | undefined {
  return state?.bookmarks && Object.hasOwn(state.bookmarks, stream) ? state.bookmarks[stream] : undefined;
}

/** A state that differs in the bookmark of one stream. */
export function withBookmark(state: State, stream: string, bookmark: Bookmark): State {
  return { ...state, bookmarks: { ...state.bookmarks, [stream]: bookmark } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function singerState(state: any, syncing?: string | null): State {
  return { ...state.rest, bookmarks: { ...state.rest.bookmarks, ...state.streams }, currently_syncing: state.run === undefined ? null : (syncing ?? null) } as State;
}

export function readSingerState(state: State, _run: string): any {
  const { bookmarks = {}, currently_syncing: syncing, ...rest } = state;
  return { streams: bookmarks, rest, isInterrupted: typeof syncing === 'string' };
}
