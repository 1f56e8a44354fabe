import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from 'c8connector';
import { afterAll, describe, expect, it } from 'vitest';
import { send } from '../c8_integration_sample/client.ts';

let status: number | 'break' = 200;
let body = 'because';
let received = 0;
const server = createServer((request, response) => {
  received += 1;
  if (status === 'break') request.destroy();
  else response.writeHead(status, { location: '/elsewhere' }).end(body);
});
const url = await addressOf(server);
afterAll(() => server.close().closeAllConnections());

async function addressOf(listener: Server): Promise<string> {
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

const call = (method: 'GET' | 'POST', address = url) =>
  send(
    { url: address, token: new Secret('t') },
    method,
    new AbortController().signal,
    method === 'POST' ? { text: 'hello' } : undefined,
  );
const post = (address = url) => call('POST', address);

describe('A message', () => {
  it.each([200, 202])('that is answered %i with an id was accepted', async (answer) => {
    status = answer;
    body = '{"id":"m-1"}';
    expect(await post()).toBe('m-1');
  });

  it.each(['', '{}', '{"id":', '{"id":""}', 'null', '<html>Sign in</html>'])(
    'whose answer is only %j may have been accepted',
    async (answer) => {
      status = 200;
      body = answer;
      await expect(post()).rejects.toMatchObject({ code: 'outcome_unknown' });
      await expect(call('GET')).rejects.toMatchObject({ code: 'server_answer_invalid' });
    },
  );

  it.each([
    [401, 'login_refused', 'The webhook refuses the token (401).'],
    [429, 'rate_limited', 'The webhook takes no more calls now.'],
    [404, 'action_refused', 'The webhook refuses the call (404): because'],
    [302, 'action_refused', 'The webhook refuses the call (302): because'],
  ])('that is answered %i is %s', async (answer, code, message) => {
    status = answer;
    body = 'because';
    await expect(post()).rejects.toMatchObject({ code, message });
  });

  it.each([500, 503, 'break'] as const)(
    'whose answer is %s may have been accepted, and is not sent again',
    async (answer) => {
      status = answer;
      const before = received;
      await expect(post()).rejects.toMatchObject({ code: 'outcome_unknown', isRetryable: false });
      expect(received - before).toBe(1);
    },
  );

  it('to nobody was not sent', async () => {
    const gone = createServer();
    const address = await addressOf(gone);
    await new Promise((closed) => gone.close(closed));
    await expect(post(address)).rejects.toMatchObject({ code: 'connection_refused', isRetryable: true });
  });

  it.each(['', 'example.com', 'ftp://example.com'])('to %j is refused before anything is sent', async (bad) => {
    await expect(post(bad)).rejects.toMatchObject({ name: 'ConfigError', problems: [{ property: 'url' }] });
  });
});
