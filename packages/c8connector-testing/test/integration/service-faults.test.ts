import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { ConnectionError, defineAction, defineIntegration } from 'c8connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { integrationFindings } from '../findings.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

const heard: string[] = [];
let service: Server;
let config: Address;
beforeAll(async () => {
  service = createServer((socket) => {
    socket.on('data', (chunk) => {
      if (`${chunk}` !== 'ping') heard.push(`${chunk}`);
      socket.end('ok');
    });
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const address = service.address();
  config = { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
});
afterAll(() => service.close());

async function say(address: Address, text: string, signal: AbortSignal): Promise<{ readonly answer: string }> {
  signal.throwIfAborted();
  const socket = connect({ ...address, signal });
  try {
    socket.write(text);
    const [chunk] = (await once(socket, 'data', { signal })) as [Buffer];
    return { answer: `${chunk}` };
  } catch (cause) {
    throw new ConnectionError('nobody answers', { code: 'connection_refused', cause });
  } finally {
    socket.destroy();
  }
}

/** An integration with a service. What is in `habits` replaces the honest habit. */
function integration(habits: { readonly probe?: string; readonly isDeaf?: boolean }) {
  const { probe = 'ping', isDeaf = false } = habits;
  return defineIntegration({
    package: { name: 'c8-integration-service', version: '1.0.0' },
    name: 'Service',
    description: 'Says texts to a service.',
    config: {
      host: { type: 'string', displayName: 'Host', description: 'Name of the service.', isMandatory: true },
      port: { type: 'integer', displayName: 'Port', description: 'Port of the service.', isMandatory: true },
    },
    *check({ config: address, signal }) {
      yield { id: 'reach', label: 'Reach', run: async () => (await say(address, probe, signal)).answer };
    },
    actions: {
      say: defineAction<Address>()({
        description: 'Says a text.',
        input: { text: { type: 'string', displayName: 'Text', description: 'What to say.', isMandatory: true } },
        output: { type: 'object', properties: { answer: { type: 'string' } } },
        example: { text: 'hello' },
        async run({ config: address, input, signal }) {
          signal.throwIfAborted();
          if (!isDeaf) return await say(address, input.text, signal);
          // An answer that never comes would keep the test from its end.
          return await say(address, input.text, AbortSignal.timeout(3000));
        },
      }),
    },
  });
}

const options = () => ({
  config,
  calls: { say: { text: 'hello' } },
  callsMade: () => heard.length,
  snapshot: () => heard,
});

test('an integration that behaves as declared breaks neither 23 nor 81', async () => {
  for (const only of [23, 81])
    expect(await integrationFindings(() => ({}), { connector: integration({}), ...options(), only })).toEqual([]);
});

test('23 finds a check that does what an action does', async () => {
  const connector = integration({ probe: 'probe' });
  const findings = await integrationFindings(() => ({}), { connector, ...options(), only: 23 });
  expect(findings).toEqual([expect.stringMatching(/^23 .*what snapshot gave at first/s)]);
});

test('81 finds a call that waits for the service after its abort', async () => {
  const connector = integration({ isDeaf: true });
  const findings = await integrationFindings(() => ({}), { connector, ...options(), only: 81 });
  expect(findings).toEqual([expect.stringMatching(/^81 .*the call of 'say', aborted while the server says nothing/s)]);
});

test('120 to 122 are not run on a service that does not use HTTP and sends first', async () => {
  for (const only of [120, 121, 122])
    expect(await integrationFindings(() => ({}), { connector: integration({}), ...options(), only })).toEqual([]);
});
