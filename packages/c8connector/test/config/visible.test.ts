import { describe, expect, test } from 'vitest';
import { visible } from '../../src/config/visible.ts';

/** Every character that is a control or a format character, or parts lines. */
const steering = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((character) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(character));

describe('control characters for a terminal', () => {
  test('are written as JSON escapes for the same text', () => {
    expect(steering.length).toBeGreaterThan(200);
    const text = steering.join('a');
    const shown = visible(text);
    expect(shown).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(`"${shown}"`)).toBe(text);
  });

  test('may keep line breaks', () => {
    expect(visible('a\nb\r\n\u001b[31m', { keepLines: true })).toBe('a\nb\\r\n\\u001b[31m');
    expect(visible('a\nb')).toBe('a\\nb');
  });

  test('in JSON do not change the value', () => {
    const value = { [steering.join('')]: [steering.join('x'), 'é日本\u{1f600}', 12.5] };
    const text = visible(JSON.stringify(value, null, 2), { keepLines: true });
    expect(JSON.parse(text)).toEqual(value);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

test('other texts stay as they are', () => {
  const text = 'Größe: 5 µm, 日本語, العربية, \u{1f600} "quoted" \\ back';
  expect(visible(text)).toBe(text);
});
