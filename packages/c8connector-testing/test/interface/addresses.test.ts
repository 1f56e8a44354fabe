import { createServer } from 'node:net';
import { isC8Error, type SourceConnector, ValidationError } from 'c8connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NetworkSource } from '../../../c8connector/test/fixtures/network-source.ts';
import { sourceFindings } from '../findings.ts';

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.end('hello');
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => void server.close());

/** The findings of one check on the source with a server, with some members broken. */
async function findingsOf(
  only: number,
  broken: (honest: SourceConnector) => Partial<SourceConnector>,
): Promise<string[]> {
  const connector = () => Object.assign(new NetworkSource(), broken(new NetworkSource()));
  return await sourceFindings(() => ({}), { connector, config: { host: '127.0.0.1', port }, only });
}

test.each([21, 25])('%i finds nothing in a source that reports and stops as it should', async (only) => {
  expect(await findingsOf(only, () => ({}))).toEqual([]);
});

test('21 finds a validate that never asks the server', async () => {
  const findings = await findingsOf(21, (honest) => ({
    validate: (_integration, options) => honest.validate({ host: '127.0.0.1', port }, options),
  }));
  expect(findings).toEqual([expect.stringMatching(/^21 .*found: it resolved with/s)]);
});

test('21 finds a cause that is not a ConnectionError', async () => {
  const findings = await findingsOf(21, (honest) => ({
    async validate(config, options) {
      try {
        return await honest.validate(config, options);
      } catch (error) {
        if (!isC8Error(error)) throw error;
        const { report } = error as ValidationError;
        throw new ValidationError(error.message, { code: 'unexpected', report, cause: new Error('ECONNREFUSED') });
      }
    },
  }));
  expect(findings).toEqual([expect.stringContaining('found: Error: ECONNREFUSED')]);
});

// Each waits for a second.
test.concurrent.each(['validate', 'discover', 'schemas', 'samples'] as const)(
  '25 finds a %s that does not hear an abort',
  async (name) => {
    const findings = await findingsOf(25, (honest) => ({
      [name]: (config: object) => honest[name](config),
    }));
    expect(findings).toEqual([
      expect.stringContaining(`expected: ${name}, aborted while the server says nothing, ends within 1000 ms`),
    ]);
  },
);
