import { describe, expect, it } from 'vitest';
import { stringifyValue } from '../../src/jsonl/values.ts';
import { bookmarkOf, parseState, singerState, withBookmark } from '../../src/singer/state.ts';

describe('parseState', () => {
  it('keeps every key and digit', () => {
    const text = '{"currently_syncing":null,"bookmarks":{"a":{"lsn":9223372036854775807,"t":1.50}},"odd":[1]}';
    expect(stringifyValue(parseState(text, 'state.json'))).toBe(text);
    expect(parseState('\ufeff{}\n', 'state.json')).toEqual({});
  });

  it.each([
    ['', 'empty'],
    ['{"bookmarks":', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['{"bookmarks":[]}', 'bookmarks are not an object'],
    ['{"bookmarks":{"a":1}}', 'bookmark of "a"'],
    ['{"currently_syncing":1}', 'currently_syncing'],
  ])('refuses %s, and names the file and the problem', (text, problem) => {
    expect(() => parseState(text, 'my/state.json')).toThrow(problem);
    expect(() => parseState(text, 'my/state.json')).toThrow(
      expect.objectContaining({
        code: 'state_unreadable',
        exitCode: 2,
        message: expect.stringMatching(/my\/state\.json/),
      }),
    );
  });
});

it('changing a bookmark changes no other', () => {
  const state = { bookmarks: { a: { x: 1 }, b: { x: 2 } }, odd: true };
  expect(bookmarkOf(state, 'b')).toEqual({ x: 2 });
  expect(bookmarkOf(state, 'constructor')).toBeUndefined();
  expect(bookmarkOf(undefined, 'a')).toBeUndefined();
  expect(withBookmark(state, 'b', { y: 3 })).toEqual({ bookmarks: { a: { x: 1 }, b: { y: 3 } }, odd: true });
  expect(withBookmark({}, 'a', { y: 3 })).toEqual({ bookmarks: { a: { y: 3 } } });
});

describe('the currently syncing stream of a state', () => {
  const copy = { copy: 1, version: 1 };
  const copied = { method: 'FULL_TABLE', phase: 'copied', run: 'now', ...copy } as const;
  const copying = { method: 'FULL_TABLE', phase: 'copying', ranges: [{ from: null, to: null }], ...copy } as const;
  const following = { method: 'LOG_BASED', phase: 'following', logPosition: { lsn: 1 }, ...copy } as const;
  const state = { rest: {}, run: { id: 'now' }, streams: { a: copied, d: copying, c: copying, b: following } };
  const syncing = (...[given, of = state]: [syncing?: string | null, of?: object]) =>
    singerState(of as typeof state, given).currently_syncing;

  it('is the one that is given, otherwise the first stream by id that is being copied', () => {
    expect(syncing('d')).toBe('d');
    expect(syncing('e')).toBe('e');
    expect(syncing()).toBe('c');
    expect(syncing(null)).toBe('c');
  });

  it('is never one whose log is followed, which a reader would take for half copied', () => {
    expect(syncing('b')).toBe('c');
    expect(syncing('b', { ...state, streams: { b: following } })).toBeNull();
  });

  it('is null without a run', () => {
    expect(syncing('d', { ...state, run: undefined })).toBeNull();
  });
});

it('the state of a source that keeps its own is passed on unchanged', () => {
  const rest = { currently_syncing: 'x', bookmarks: { x: { partitions: [] } }, cursor: 7 };
  expect(singerState({ streams: {}, rest })).toEqual(rest);
});
