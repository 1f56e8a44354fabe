import { expect, it } from 'vitest';
import { isConcealed, secretsOf } from '../../src/config/secrets-of.ts';
import { property } from './property.ts';

const password = property({ name: 'password', type: 'password' });
const host = property({ name: 'host', type: 'string' });
const pem = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----';

it.each([
  ['password', true],
  ['hidden', true],
  ['file', true],
  ['oauth', true],
  ['string', false],
  ['integer', false],
] as const)('a property of type %s is concealed: %s', (type, expected) => {
  expect(isConcealed({ type })).toBe(expected);
  expect(isConcealed({ type, isSecret: true })).toBe(true);
});

it.each([
  ['a password', [password], { password: 'hunter2', host: 'h' }, ['hunter2']],
  ['a password that is a number', [password], { password: 12_345 }, ['12345']],
  [
    'what stands inside a secret object',
    [{ ...host, isSecret: true }],
    { host: { a: ['x1', { b: 'x2' }] } },
    ['x1', 'x2'],
  ],
  ['what stands inside JSON text', [password], { password: '{"k":"[\\"v\\"]"}' }, ['{"k":"[\\"v\\"]"}', '["v"]', 'v']],
  ['a misspelt password', [password], { passwrod: 'hunter2' }, ['hunter2']],
  ['an unknown key that looks secret', [host], { api_key: 'k', authToken: 't', colour: 'red' }, ['k', 't']],
  ['the password of a URL', [host], { host: 'https://me:p%40ss@host/x' }, ['p%40ss', 'p@ss']],
  ['a hidden value, but not its default', [property({ name: 'h', type: 'hidden', defaultValue: 'x' })], { h: 'x' }, []],
  ['a config that is JSON text', [password], '{"password":"hunter2"}', ['hunter2']],
  ['nothing of a config that is not an object', [password], 7, []],
  ['nothing of an empty value', [password], { password: '' }, []],
  ['nothing of null', [password], { password: null }, []],
])('finds %s', (_, properties, config, expected) => {
  expect(secretsOf(properties, config)).toEqual(expected);
});

it('a file is found as a whole, with the keys inside it', () => {
  const file = property({ name: 'file', type: 'file' });
  const content = JSON.stringify({ type: 'service_account', private_key: pem });
  expect(secretsOf([file], { file: content })).toEqual([content, pem]);
});
