import { createMask } from 'c8connector';
import { describe, expect, test } from 'vitest';
import { findSecret } from '../../src/secrets/find-secret.ts';

const secret = 'k8Jq2xLm"/+ &%9fW3vTzR';

const leaks: readonly (readonly [string, string])[] = [
  ['its beginning', `the password ${secret.slice(0, 8)}`],
  ['its beginning and an ellipsis', `the password ${secret.slice(0, 10)}… is wrong`],
  ['all but its end', `the password ${secret.slice(0, -1)} is wrong`],
  ['its lines wrapped', `the password ${secret.slice(0, 4)}\n    ${secret.slice(4)} is wrong`],
  ['its lines wrapped at a blank', `the password ${secret.replace(' ', '\n  ')} is wrong`],
];

describe('the search for a secret finds', () => {
  test.each(leaks)('%s, which the mask of the core hides', (_, text) => {
    expect(findSecret(text, secret)).toBeDefined();
    expect(findSecret(createMask([secret])(text), secret)).toBeUndefined();
  });

  test('a word only with an ellipsis after it', () => {
    expect(findSecret('the password is wrong', 'password-1')).toBeUndefined();
    expect(findSecret('the password… is wrong', 'password-1')).toBeDefined();
    expect(findSecret('the password- is wrong', 'password-1')).toBeDefined();
  });

  test('nothing in other texts', () => {
    expect(findSecret('k8Jq2xL is short, and so is W3vTzR', secret)).toBeUndefined();
    expect(findSecret('see https://hooks.example.com/', 'https://hooks.example.com/a1b2c3d4e5')).toBeUndefined();
  });
});
