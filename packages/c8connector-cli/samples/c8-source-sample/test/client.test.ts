import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from 'c8connector';
import { afterAll, describe, expect, it } from 'vitest';
import { getPage } from '../c8_source_sample/client.ts';

let answer = { status: 200, text: '[]' };
let asked: string | undefined;
const server = createServer((request, response) => {
  asked = request.url;
  response.writeHead(answer.status).end(answer.text);
});
const url = await addressOf(server);
afterAll(() => server.close().closeAllConnections());

async function addressOf(listener: Server): Promise<string> {
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

const page = (address = url) =>
  getPage({ url: address, token: new Secret('t') }, 'books', { after: 7 }, new AbortController().signal);

describe('A page', () => {
  it('keeps every digit of a number', async () => {
    answer = { status: 200, text: '[{"id":9007199254740993}]' };
    expect(await page()).toEqual([{ id: 9007199254740993n }]);
  });

  it.each([
    [{ after: 7 }, '/books?after=7'],
    [
      { after: 7, since: '2026-01-31T00:00:00+01:00' },
      '/books?after=7&updated_since=2026-01-31T00%3A00%3A00%2B01%3A00',
    ],
  ])('is asked for behind an id, and since a time: %j', async (wanted, path) => {
    answer = { status: 200, text: '[]' };
    await getPage({ url, token: new Secret('t') }, 'books', wanted, new AbortController().signal);
    expect(asked).toBe(path);
  });

  it.each([
    [401, 'no', 'login_refused', 'token'],
    [403, 'no', 'login_refused', 'token'],
    [404, 'no', 'answer_invalid', 'url'],
    [200, '<html>', 'answer_invalid', 'url'],
    [200, '{"error":"no"}', 'answer_invalid', 'url'],
  ])('that is %i %s is %s, and %s is to blame', async (status, text, code, property) => {
    answer = { status, text };
    await expect(page()).rejects.toMatchObject({ name: 'ConnectionError', code, details: { property } });
  });

  it.each([429, 500, 503])('that is %i may be requested again', async (status) => {
    answer = { status, text: 'later' };
    await expect(page()).rejects.toMatchObject({ code: 'server_busy', isRetryable: true });
  });

  it('without a server names the address that does not answer', async () => {
    const gone = createServer();
    const address = await addressOf(gone);
    await new Promise((closed) => gone.close(closed));
    await expect(page(address)).rejects.toThrow(`No answer from ${address}.`);
  });

  it.each(['', 'example.com', 'ftp://example.com', 'http://'])(
    'of %j is refused before anything is sent',
    async (bad) => {
      await expect(page(bad)).rejects.toMatchObject({ name: 'ConfigError', problems: [{ property: 'url' }] });
    },
  );
});
