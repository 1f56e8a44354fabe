import { expect, test } from 'vitest';
import { bookmarked, type Change, each, findings } from '../broken-source.ts';

test.each<[string, Change, string]>([
  [
    'a Date in a state',
    each((message) =>
      message.type === 'STATE' ? { ...message, value: { ...message.value, at: new Date(0) } } : message,
    ),
    'expected: STATE 1 as plain JSON\n  found: value.at is a Date',
  ],
  [
    'a bookmark that disappears',
    each((message, index) =>
      message.type === 'STATE' && index > 3 ? { ...message, value: { bookmarks: {} } } : message,
    ),
    "expected: STATE 2 with the bookmark of 'numbers'",
  ],
  [
    'a bookmark that goes back',
    each((message, index) => (message.type === 'STATE' && index > 3 ? bookmarked(3) : message)),
    "expected: STATE 2 whose bookmark of 'numbers' does not go back\n  found: replication_key_value 4, then 3",
  ],
  [
    'a stream that does not exist as currently_syncing',
    each((message) =>
      message.type === 'STATE' ? { ...message, value: { ...message.value, currently_syncing: 'other' } } : message,
    ),
    'expected: a selected stream as currently_syncing\n  found: "other"',
  ],
])('42 finds %s', async (_name, change, found) => {
  expect(await findings(42, { change })).toEqual([expect.stringContaining(found)]);
});
