import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spools } from './harness.ts';
import { runProgram } from './run-program.ts';

const page = '<!DOCTYPE html><html><body>It works!</body></html>';
/** A web server that answers 200 with the same page to everything. */
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
});
let endpoint: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  endpoint = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function run(settings: object, flags: readonly string[], input: string) {
  const keys = { access_key: 'a', secret_access_key: 's', force_path_style: true };
  return await runProgram({ bucket: 'lake', region: 'us-east-1', endpoint, ...keys, ...settings }, flags, input);
}

const schema = '{"type":"SCHEMA","stream":"s","schema":{"properties":{"a":{"type":"string"}}},"key_properties":[]}\n';
const record = (bytes: number) => `{"type":"RECORD","stream":"s","record":{"a":"${'x'.repeat(bytes)}"}}\n`;
const state = '{"type":"STATE","value":{"bookmarks":{"s":{"n":1}}}}\n';

describe('The program, before a web server that answers 200 to everything,', () => {
  it.each([
    ['one request', { format: 'jsonl' }, 10],
    ['an upload in parts', { format: 'jsonl', compression: 'none', part_size: 5 }, 6_000_000],
    ['Parquet', { format: 'parquet' }, 10],
  ])(
    'prints no state for %s, and fails with an error that names the answer and the server',
    async (_, settings, bytes) => {
      const { code, stdout, stderr } = await run(settings, [], schema + record(bytes) + state);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toContain('server_answer_invalid');
      expect(stderr).toMatch(/PutObject|CreateMultipartUpload/);
      expect(stderr).toContain(`${endpoint} answered: 200 text/html`);
      expect(spools()).toEqual([]);
    },
  );

  it('fails validation', async () => {
    const { code, stdout } = await run({ format: 'jsonl' }, ['--validate'], '');
    expect([code, JSON.parse(stdout).ok]).toEqual([3, false]);
  });
});
