// Takes about 15 s.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { createCertificates, type ServerCertificates } from 'test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wayOut } from '../c8_integration_slack/proxy.ts';
import { openSlack } from './harness.ts';

/** A proxy that connects to one port for any host, so that no name has to resolve. */
interface Proxy extends AsyncDisposable {
  readonly address: string;
  /** `host:port` of each requested connection, and the password that was sent. */
  readonly asked: string[];
  readonly passwords: (string | undefined)[];
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function startProxy(port: number, status = 200): Promise<Proxy> {
  const asked: string[] = [];
  const passwords: (string | undefined)[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    passwords.push(request.headers['proxy-authorization']);
    socket.on('error', () => undefined);
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const through = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      socket.pipe(through).pipe(socket);
    });
    through.on('error', () => socket.destroy());
    socket.on('close', () => through.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    ...{ address: `127.0.0.1:${portOf(server)}`, asked, passwords },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

let folder: string;
let certificates: ServerCertificates;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slack-proxy-'));
  certificates = await createCertificates();
  await writeFile(join(folder, 'authority.pem'), certificates.forClients.authority);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A server as `openSlack` has it, and its address behind TLS. */
async function openSecure() {
  const opened = await openSlack();
  const tls = createTlsServer({ cert: certificates.serverCertificate, key: certificates.serverKey }, (socket) => {
    const inner = connect(Number(new URL(opened.server.url).port), '127.0.0.1');
    for (const each of [socket, inner]) each.on('error', () => each.destroy());
    socket.pipe(inner).pipe(socket);
  });
  await once(tls.listen(0, '127.0.0.1'), 'listening');
  const port = portOf(tls);
  return {
    opened,
    port,
    config: { ...opened.config, api_url: `https://localhost:${port}/api/` },
    texts: () => opened.server.messages(opened.channel).map(({ text }) => text),
    async [Symbol.asyncDispose]() {
      tls.close();
      await opened[Symbol.asyncDispose]();
    },
  };
}

/** Posts by the connector's own program, as a process with these variables. */
async function post(
  config: object,
  environment: Readonly<Record<string, string>>,
  verb: readonly string[] = ['--action', 'postMessage'],
) {
  const file = join(folder, `${crypto.randomUUID()}.json`);
  await writeFile(file, JSON.stringify(config));
  const program = join(import.meta.dirname, '../bin/c8-integration-slack.js');
  const env = { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'), ...environment };
  return await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [program, '--config', file, ...verb],
      { env, timeout: 30_000 },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
    child.stdin?.end('{"text":"through"}\n');
  });
}

const ways: readonly [variables: (proxy: string) => Readonly<Record<string, string>>, isUsed: boolean][] = [
  [() => ({}), false],
  [(proxy) => ({ HTTPS_PROXY: `http://${proxy}` }), true],
  [(proxy) => ({ https_proxy: `http://${proxy}/` }), true],
  [(proxy) => ({ HTTPS_PROXY: proxy }), true],
  [(proxy) => ({ HTTP_PROXY: `http://${proxy}` }), true],
  [(proxy) => ({ HTTPS_PROXY: `http://${proxy}`, NO_PROXY: 'example.com' }), true],
  [(proxy) => ({ HTTPS_PROXY: `http://${proxy}`, NO_PROXY: 'example.com, localhost' }), false],
  [(proxy) => ({ HTTPS_PROXY: `http://${proxy}`, no_proxy: '*' }), false],
  [() => ({ HTTPS_PROXY: '', HTTP_PROXY: '' }), false],
];

describe('The variables of a proxy', { concurrent: true }, () => {
  it.each(ways)('are used: %s, %s', async (variablesOf, isUsed) => {
    await using secure = await openSecure();
    await using proxy = await startProxy(secure.port);
    const { code, stdout } = await post(secure.config, variablesOf(proxy.address));
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true }]);
    expect(proxy.asked).toEqual(isUsed ? [`localhost:${secure.port}`] : []);
    expect(secure.texts()).toEqual(['through']);
  });

  it('are used by webhooks too, and the proxy resolves host names', async () => {
    await using opened = await openSlack();
    await using proxy = await startProxy(Number(new URL(opened.server.url).port));
    const { pathname } = new URL(opened.server.addWebhook(opened.channel));
    const environment = { HTTP_PROXY: `http://me:quite-secret@${proxy.address}` };
    const { code } = await post({ webhook_url: `http://hooks.slack.invalid${pathname}` }, environment);
    expect(code).toBe(0);
    expect(proxy.asked).toEqual(['hooks.slack.invalid:80']);
    expect(proxy.passwords).toEqual([`Basic ${Buffer.from('me:quite-secret').toString('base64')}`]);
  });

  it.each([
    [407, 'login_refused'],
    [403, 'connection_refused'],
  ])('lead to a proxy that answers %i: nothing was sent, and no password is shown', async (status, code) => {
    await using secure = await openSecure();
    await using proxy = await startProxy(secure.port, status);
    const ended = await post(secure.config, { HTTPS_PROXY: `http://me:quite-secret@${proxy.address}` });
    expect(ended.code).toBe(3);
    const said = `The proxy ${proxy.address} refused the connection to localhost:${secure.port} with status ${status}.`;
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: { code, message: said } });
    expect(ended.stdout + ended.stderr).not.toContain('quite-secret');
    expect(proxy.asked).toHaveLength(1);
    expect(secure.texts()).toEqual([]);
  });

  it('lead to a proxy that does not exist, which is named', async () => {
    await using secure = await openSecure();
    const ended = await post(secure.config, { HTTPS_PROXY: 'http://me:quite-secret@127.0.0.1:9' }, ['--validate']);
    expect(ended.stderr + ended.stdout).toContain(`localhost:${secure.port}, or at the proxy 127.0.0.1:9 (`);
    expect(ended.stdout + ended.stderr).not.toContain('quite-secret');
  });

  it.each(['socks5://me:quite-secret@127.0.0.1:1080', 'http://me:quite-secret@:x'])(
    'are rejected by name, without their value, if they are not a proxy URL: %s',
    async (value) => {
      const error: unknown = await wayOut({ HTTPS_PROXY: value }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'ConfigError', message: expect.stringContaining('HTTPS_PROXY') });
      expect(String(error)).not.toContain('quite-secret');
    },
  );
});
