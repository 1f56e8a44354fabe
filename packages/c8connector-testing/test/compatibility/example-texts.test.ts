import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { exampleTexts } from '../../src/compatibility/example-texts.ts';

test.each([
  '[a-z]{3,}',
  '(?=.*\\d)(?=.*[A-Z])[A-Za-z0-9]{8,}',
  '(?!xn--)[a-z-]+',
  '(?:(?=a)|b)[ab]c',
  '\\p{L}[\\p{L}\\d]*',
  '[^\\s/]+',
  'https?://[^\\s/$.?#].[^\\s]*',
  '^a$|^b$',
  '(?<year>\\d{4})-\\d\\d',
  '[+*?{]{2}\\(\\[\\]',
  '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}',
])('makes texts that %s matches as a whole', async (pattern) => {
  const texts = (await exampleTexts(pattern)) ?? [];
  expect(texts.length).toBeGreaterThan(1);
  for (const text of texts) expect(text).toMatch(new RegExp(`^(?:${pattern})$`, 'u'));
});

test('makes the same texts each time', async () => {
  const pattern = '(?:[a-z0-9]+-)*[^\\s]{2,}';
  expect(await exampleTexts(pattern)).toEqual(await exampleTexts(pattern));
});

test('makes short and long texts, including those at the bounds', async () => {
  const lengths = new Set(((await exampleTexts('x{2,70}')) ?? []).map(({ length }) => length));
  expect(lengths).toContain(2);
  expect(lengths).toContain(70);
  const most = Math.max(...((await exampleTexts('x+')) ?? []).map(({ length }) => length));
  expect(most).toBeGreaterThan(200);
});

test.each([
  ['a reference back', '(a|b)\\1'],
  ['a class that leaves no printable character', '[^ -~]'],
  ['a negated class of everything', '[^\\s\\S]'],
  ['an empty text only', '(?=x)'],
  ['what contradicts itself', '(?<=a)b'],
  ['millions of letters', '(?:(?:a{0,1000}){1000}){1000}'],
  ['no expression', '('],
])('makes no text for %s, and returns', async (_name, pattern) => {
  expect(await exampleTexts(pattern)).toBeUndefined();
});

test('fast-check is loaded by the check that needs it, and not with the kit', () => {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const texts = files.map((name) => readFileSync(`${dist}${name}`, 'utf8'));
  expect(texts.some((text) => /import\(["']fast-check["']\)/.test(text))).toBe(true);
  expect(texts.filter((text) => /from\s*["']fast-check["']/.test(text))).toEqual([]);
});
