import { describe, expect, it } from 'vitest';
import { stringifyValue } from '../../src/jsonl/values.ts';
import { bookmarkOf, parseState, withBookmark } from '../../src/singer/state.ts';

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
  ])('refuses %s, and names the file and what is wrong', (text, problem) => {
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

it('a bookmark is found, changed, and no other with it', () => {
  const state = { bookmarks: { a: { x: 1 }, b: { x: 2 } }, odd: true };
  expect(bookmarkOf(state, 'b')).toEqual({ x: 2 });
  expect(bookmarkOf(state, 'constructor')).toBeUndefined();
  expect(bookmarkOf(undefined, 'a')).toBeUndefined();
  expect(withBookmark(state, 'b', { y: 3 })).toEqual({ bookmarks: { a: { x: 1 }, b: { y: 3 } }, odd: true });
  expect(withBookmark({}, 'a', { y: 3 })).toEqual({ bookmarks: { a: { y: 3 } } });
});
