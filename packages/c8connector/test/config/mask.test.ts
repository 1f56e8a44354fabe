import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMask } from '../../src/config/mask.ts';

const secret = `p@ss/w"ö+r d\\n'&<\n😀%é`;

const encodings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'as JSON': (text) => JSON.stringify(text),
  'as JSON in JSON': (text) => JSON.stringify({ inner: JSON.stringify({ text }) }),
  'as ASCII-only JSON': (text) =>
    JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'as JSON with escaped slashes': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'as a URL component': (text) => encodeURIComponent(text),
  'as a URL component in lower case': (text) =>
    encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  'as a URL component twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'as form data': (text) => new URLSearchParams({ text }).toString(),
  'as a whole URL': (text) => encodeURI(text),
  'as base64': (text) => Buffer.from(text).toString('base64'),
  'as base64url': (text) => Buffer.from(text).toString('base64url'),
  'as base64 in a URL': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'as hexadecimal': (text) => Buffer.from(text).toString('hex'),
  'as HEXADECIMAL': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'as an SQL literal': (text) => text.replaceAll("'", "''"),
  'as util.inspect prints it': (text) => inspect([text]),
};

const rounds: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  'in a sentence': (text) => `before ${text} behind`,
  'between letters': (text) => `zz${text}zz`,
};

describe('a secret is masked', () => {
  const mask = createMask([secret]);
  for (const [how, encode] of Object.entries(encodings)) {
    for (const [where, surround] of Object.entries(rounds)) {
      it(`${how}, ${where}`, () => {
        const whole = encode(secret);
        const text = surround(whole);
        const masked = mask(text);
        expect(masked).toContain('[secret]');
        expect(masked.length).toBeLessThan(text.length);
        for (const [, again] of Object.entries(encodings)) expect(masked).not.toContain(again(secret));
      });
    }
  }

  it.each([0, 1, 2, 3, 4])('in base64 of a longer text, %i bytes after its beginning', (offset) => {
    const password = 'correct-horse';
    const header = Buffer.from(`${'u'.repeat(offset)}${password}:more`).toString('base64');
    const masked = createMask([password])(`Authorization: Basic ${header}`);
    expect(masked).toContain('[secret]');
    const left = masked.replace('[secret]', '');
    expect(header.length - (left.length - 'Authorization: Basic '.length)).toBeGreaterThanOrEqual(16);
  });
});

it('any secret is masked in any encoding, whatever is around it', () => {
  const around = fc.string({ maxLength: 20 });
  const secrets = fc
    .string({ minLength: 6, maxLength: 40, unit: 'grapheme' })
    .filter((text) => text.trim().length >= 4);
  fc.assert(
    fc.property(secrets, around, around, fc.constantFrom(...Object.keys(encodings)), (random, before, after, how) => {
      const encoded = (encodings[how] as (text: string) => string)(random);
      const masked = createMask([random])(`${before} ${encoded} ${after}`);
      expect(masked).toContain('[secret]');
    }),
    { numRuns: process.env.C8_SOAK ? 1000 : 200 },
  );
});

it('text without the secret stays as it is', () => {
  const mask = createMask(['correct-horse', 'ab']);
  const text = 'the correct horse about 100%25 "\\u0041" Y29ycmVjdA==';
  expect(mask(text)).toBe(text);
});

it('without secrets, or with blank ones, nothing is masked', () => {
  expect(createMask([])('a b')).toBe('a b');
  expect(createMask(['', '  '])('a  b')).toBe('a  b');
});

it('a secret inside a longer one leaves nothing of the longer one', () => {
  expect(createMask(['abcd', 'xxabcdyy', 'cdyyzz'])('1 xxabcdyy 2 abcdyyzz 3')).toBe('1 [secret] 2 [secret] 3');
});

it('a secret that overlaps itself leaves nothing', () => {
  expect(createMask(['aaaa'])('b aaaaaa c')).toBe('b [secret] c');
});

it('a secret that begins with a character of two units is found everywhere', () => {
  expect(createMask(['😀😀abc'])('😀😀😀abc 😀😀abc')).toBe('😀[secret] [secret]');
});

it('a secret like the replacement is masked once', () => {
  expect(createMask(['secret', 'other'])('a secret, other')).toBe('a [secret], [secret]');
});

it('a secret of less than four characters is masked as a whole word only', () => {
  const mask = createMask(['abc']);
  expect(mask('abc, "abc" and abc.')).toBe('[secret], "[secret]" and [secret].');
  expect(mask('abcd xabc éabc abc_')).toBe('abcd xabc éabc abc_');
});

it('a secret is masked each time that its text comes, however many other texts come between', () => {
  const mask = createMask([secret]);
  const text = `the password is ${secret}`;
  for (let turn = 0; turn < 3; turn += 1) {
    expect(mask(text)).toBe('the password is [secret]');
    for (let index = 0; index < 1500; index += 1) expect(mask(`row ${index}`)).toBe(`row ${index}`);
  }
});

describe('a PEM file', () => {
  const lines = Array.from({ length: 4 }, (_, index) => `${'MIIEvQIBADANBgkqhkiG9w0BAQ'.repeat(2)}/+${index}xyzabcde`);
  const pem = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\nAbcdEfgh==\n-----END PRIVATE KEY-----\n`;

  it.each([
    ['as it is', pem],
    ['with spaces for newlines', pem.replaceAll('\n', ' ')],
    ['with written newlines', pem.replaceAll('\n', '\\n')],
    ['with Windows newlines', pem.replaceAll('\n', '\r\n')],
  ])('is masked line by line when it was given %s', (_, given) => {
    const mask = createMask([given]);
    for (const text of [pem, JSON.stringify(pem), `line 2: ${lines[1]}`, lines.join(''), `last ${'AbcdEfgh=='}`]) {
      const masked = mask(text);
      for (const line of [...lines, 'AbcdEfgh==']) expect(masked).not.toContain(line);
    }
    expect(mask('-----BEGIN PRIVATE KEY----- is missing')).toBe('-----BEGIN PRIVATE KEY----- is missing');
  });
});

it.each([
  ['backslashes', '\\'.repeat(30)],
  ['quotes', "'".repeat(30)],
  ['double quotes', '"'.repeat(30)],
  ['percent signs', '%'.repeat(30)],
  ['newlines between letters', 'a\n'.repeat(30)],
])('no text is slow to mask: %s', (_, awkward) => {
  const mask = createMask([`${awkward}x`]);
  const started = performance.now();
  mask(awkward.repeat(5));
  mask(JSON.stringify(awkward.repeat(5)));
  expect(mask(`${awkward}x`)).toBe('[secret]');
  // A bound against work that grows with the square, for a busy machine.
  expect(performance.now() - started).toBeLessThan(20_000);
});

it('a large file is masked quickly, and so is any part of it', () => {
  const lines = Array.from({ length: 400 }, (_, index) => createHash('sha512').update(`${index}`).digest('base64'));
  const file = lines.join('\n');
  const mask = createMask([file]);
  const started = performance.now();
  expect(mask(`before ${JSON.stringify(file)} behind`)).toBe('before "[secret]" behind');
  expect(mask(Buffer.from(file).toString('base64'))).toMatch(/^(?:\[secret\].{0,2})+$/);
  expect(mask(`cut: ${file.slice(0, 5000)}`)).not.toContain(lines[20]);
  // A bound against work that grows with the square, for a busy machine.
  expect(performance.now() - started).toBeLessThan(20_000);
});
