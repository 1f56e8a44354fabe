import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMask } from '../../src/config/mask.ts';

/** Secrets that no word is: letters, digits and signs. */
const secrets = fc
  .string({
    minLength: 12,
    maxLength: 60,
    unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMN23456789-_.!@$ '),
  })
  .filter((text) => text.trim() === text && /\d/.test(text.slice(0, 6)) && /\d/.test(text.slice(-6)));

const ways: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'as JSON': (text) => JSON.stringify(text).slice(1, -1),
  'percent-encoded': (text) => encodeURIComponent(text),
  'in base64': (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
  'in hexadecimal': (text) => Buffer.from(text).toString('hex'),
};

/** Characters of an encoding that stand for eight of the secret, and what the bits of its neighbours take. */
const atLeast: Readonly<Record<string, number>> = { 'in base64': 14, 'in hexadecimal': 16 };

describe('the visible part of a truncated secret is masked', () => {
  test.each(Object.keys(ways))('%s, at its end or its beginning, with an ellipsis or without', (way) => {
    fc.assert(
      fc.property(
        secrets,
        fc.nat(),
        fc.constantFrom('', '…', '...', '…"', "...'"),
        fc.boolean(),
        fc.constantFrom('password ', 'authentication failed for "', '=', ''),
        (secret, cut, ellipsis, isPrefix, before) => {
          const whole = (ways[way] as (text: string) => string)(secret);
          const least = atLeast[way] ?? 8;
          const length = least + (cut % (whole.length - least + 1));
          const left = isPrefix ? whole.slice(0, length) : whole.slice(-length);
          const text = isPrefix ? `${before}${left}${ellipsis} | line 1` : `${before}${ellipsis}${left} | line 1`;
          const masked = createMask([secret])(text);
          expect(masked).toContain('[secret]');
          expect(masked).not.toContain(left.slice(0, 8));
          expect(masked).toContain('| line 1');
        },
      ),
      { numRuns: 60 },
    );
  });

  test('in its middle: sixteen characters anywhere, eight between two ellipses', () => {
    const secret = 'K8s-prod.vault/9fJ2mQx7!tYw3LzR';
    const mask = createMask([secret]);
    expect(mask(`LINE 1: …${secret.slice(5, 14)}… ^`)).toBe('LINE 1: …[secret]… ^');
    expect(mask(`seen ${secret.slice(5, 21)} there`)).toBe('seen [secret] there');
    expect(mask(`seen ${secret.slice(5, 14)} there`)).toBe(`seen ${secret.slice(5, 14)} there`);
  });

  test('a word that begins a secret stays readable, unless an ellipsis shows that it was cut', () => {
    const mask = createMask(['password-9fJ2mQx7', 'Administrator!7', '2024010112345678']);
    const text = 'the password of the Administrator expired on 20240101, see postgres://host';
    expect(mask(text)).toBe(text);
    expect(mask('given: password… and administrator')).toBe('given: [secret]… and administrator');
    expect(mask('given: password-9… here')).toBe('given: [secret]… here');
  });

  test('only what follows the host of a URL is secret', () => {
    const mask = createMask(['https://hooks.slack.com/services/T02AB34CD/B07EF89GH/x9Kq2LmZ81pQwErTy']);
    const text = 'give a URL such as https://hooks.slack.com/services/… of your own';
    expect(mask(text)).toBe(text);
    expect(mask('POST /services/T02AB34CD/B07EF89GH/x9Kq2LmZ8…')).not.toContain('x9Kq2LmZ8');
  });

  test('the password in a URL is secret, both as written and decoded', () => {
    const mask = createMask(['postgres://reader:9fJ2mQx7%21tYw3LzR@db.example.com:5432/shop']);
    expect(mask('cannot parse "postgres://reader:9fJ2mQx7%21tYw"')).toBe('cannot parse "postgres://reader:[secret]"');
    expect(mask('password 9fJ2mQx7!tYw3… is wrong')).toBe('password [secret]… is wrong');
    expect(mask('postgres://reader@db.example.com:5432/shop')).toBe('postgres://reader@db.example.com:5432/shop');
  });

  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const lined: Readonly<Record<string, string>> = {
    'a private key': privateKey,
    'a private key on one line': privateKey.replaceAll('\n', '\\n'),
    'a private key in JSON': JSON.stringify({ type: 'service_account', private_key: privateKey }),
    'a file of lines': 'K8s-prod.vault/9fJ2mQx7\r\nanother-9fJ2-line-of-it\n',
  };

  test.each(Object.entries(lined))('of %s sixteen characters of a line are enough', (_, secret) => {
    const lines = secret
      .split(/\r?\n|\\n/)
      .filter((line) => line.length > 16 && !/[\s"]/.test(line) && !line.includes('-----'));
    expect(lines.length).toBeGreaterThan(1);
    const mask = createMask([secret]);
    for (const line of lines) {
      for (let length = 16; length < line.length; length++) {
        expect(mask(`echo ${line.slice(0, length)} | next`)).toBe('echo [secret] | next');
        expect(mask(`echo ${line.slice(-length)}`)).toBe('echo [secret]');
      }
    }
  });

  test('a secret file or JSON does not hide other texts of its kind', () => {
    const mask = createMask([
      '{"type":"service_account","key":"x9Kq2LmZ81pQwErTy"}',
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIB\n-----END',
    ]);
    const text = '{"type":"service"} and -----BEGIN PRIVATE KEY----- is missing';
    expect(mask(text)).toBe(text);
  });
});

describe('a secret whose lines were wrapped is masked', () => {
  test('wherever it was broken, and however often', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('\n', '\r\n', '\n    ', ' \n\t', '\\n', '\\r\\n  '),
        (secret, places, wrap) => {
          const cuts = [...new Set(places.map((place) => 1 + (place % (secret.length - 1))))].sort((a, b) => a - b);
          const pieces = [0, ...cuts].map((from, index) => secret.slice(from, cuts[index] ?? secret.length));
          const masked = createMask([secret])(`before ${pieces.join(wrap)} behind`);
          // A break at a blank of the secret, or between two others, may take blanks with it.
          fc.pre(pieces.every((piece) => piece.trim() === piece));
          expect(masked).toBe('before [secret] behind');
        },
      ),
      { numRuns: 150 },
    );
  });

  test('at a space in it', () => {
    expect(createMask(['open sesame 42'])('the phrase open\n  sesame 42 is wrong')).toBe(
      'the phrase [secret] is wrong',
    );
  });
});

test('texts that share no more than a few characters with a secret stay as they are', () => {
  fc.assert(
    fc.property(secrets, fc.lorem({ mode: 'sentences', maxCount: 4 }), (secret, text) => {
      expect(createMask([secret])(text)).toBe(text);
    }),
    { numRuns: 60 },
  );
});
