import { ConnectionError, type SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { changedRead, sourceFindings, targetFindings } from '../findings.ts';

const heading = /^24 no secret appears in a report, an error, a log, a state or the output of the program\n/;

function passwordOf(config: unknown): string {
  return String((config as { readonly password?: unknown }).password);
}

test.each<[string, (password: string) => string]>([
  ['plain', (password) => password],
  ['JSON', (password) => JSON.stringify({ password })],
  ['URL', (password) => `https://user:${encodeURIComponent(password)}@host`],
  ['URL form', (password) => new URLSearchParams({ password }).toString()],
  ['base64', (password) => Buffer.from(`user:${password}`).toString('base64')],
  ['base64url', (password) => Buffer.from(`>?>${password}`).toString('base64url')],
  ['hex', (password) => Buffer.from(password).toString('hex')],
  ['escaped or cut', (password) => Object.assign(new URL('http://host'), { password }).href],
  ['escaped or cut', (password) => `${password.slice(0, 20)}…`],
])('24 and nothing else finds a password in %s form in an error', async (form, written) => {
  const findings = await sourceFindings((honest) => ({
    async discover(config, options) {
      const password = passwordOf(config);
      if (password === 'open sesame') return await honest.discover(config, options);
      throw new ConnectionError('login refused', {
        code: 'login_refused',
        cause: new Error(`refused: ${written(password)}`),
      });
    },
  }));
  expect(findings).toEqual([expect.stringMatching(heading)]);
  expect(findings[0]).toContain('expected: no secret in the outcome of discover');
  expect(findings[0]).toMatch(
    new RegExp(`found: the value of 'password', in (${form}|base64|base64url|JSON|URL form) form`),
  );
});

test.each<[string, string, (honest: SourceConnector) => Partial<SourceConnector>]>([
  [
    'a step of validate',
    'the steps of validate',
    (honest) => ({
      validate: (config, options) =>
        honest.validate(config, {
          onStep: (step) => options?.onStep?.({ ...step, message: `${step.message}, with ${passwordOf(config)}` }),
        }),
    }),
  ],
  [
    'the log of discover',
    'the log of discover',
    (honest) => ({
      async discover(config, options) {
        options?.log?.debug('connecting', { url: `memory://user:${encodeURIComponent(passwordOf(config))}@here` });
        return await honest.discover(config, options);
      },
    }),
  ],
  [
    'a bookmark of a good run',
    'the messages of read',
    (honest) => ({
      async *read(request) {
        for await (const message of honest.read(request)) {
          yield message.type === 'STATE'
            ? { ...message, value: { ...message.value, session: passwordOf(request.config) } }
            : message;
        }
      },
    }),
  ],
])('24 and nothing else finds a password in %s', async (_name, place, broken) => {
  const findings = await sourceFindings(broken);
  expect(findings).toEqual([expect.stringMatching(heading)]);
  expect(findings[0]).toContain(`expected: no secret in ${place}`);
});

test('24 does not print the secret that it found', async () => {
  let planted = '';
  const [finding] = await sourceFindings((honest) => ({
    async samples(config) {
      planted = passwordOf(config);
      if (planted === 'open sesame') return await honest.samples(config);
      throw new Error(planted);
    },
  }));
  expect(finding).toContain("the value of 'password', in plain form");
  expect(finding).not.toContain(planted);
});

test('24 and nothing else finds a password that a target logs while it writes', async () => {
  const findings = await targetFindings((honest) => ({
    async *write(messages, request) {
      request.log.info(`logging in with ${passwordOf(request.config)}`);
      yield* honest.write(messages, request);
    },
  }));
  expect(findings).toEqual([expect.stringContaining('expected: no secret in the log of write')]);
});

test('24 does not search the records of a read', async () => {
  const findings = await sourceFindings((honest) => changedRead(honest, (messages) => messages), {
    config: {
      password: 'open sesame',
      streams: {
        one: { schema: { type: 'object', properties: { text: { type: 'string' } } }, rows: [{ text: 'open sesame' }] },
      },
    },
  });
  expect(findings).toEqual([]);
});
