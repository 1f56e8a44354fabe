import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { CheckResult } from 'c8connector';
import { addressText, hostOf, type ServerAddress } from './address.ts';
import type { TlsSettings } from './tls.ts';

/** Looks up the host. Rejects with `translate` of the error. */
export async function findAddress(server: ServerAddress, translate: (error: unknown) => Error): Promise<CheckResult> {
  if (server.host.startsWith('/')) return `The server is reached through a Unix socket: ${server.host}.`;
  const host = hostOf(server);
  const { address } = await lookup(host).catch((error) => {
    throw translate(error);
  });
  return address === host ? `${address} is an IP address.` : `${host} has the address ${address}.`;
}

/** Connects to the server and hangs up. `socketPath` is the path of its Unix socket, if it has one; `timeout` is in milliseconds. Rejects with `translate` of the error. */
export function reachServer(
  server: ServerAddress,
  options: { readonly socketPath?: string | undefined; readonly timeout: number; readonly signal: AbortSignal },
  translate: (error: unknown) => Error,
): Promise<CheckResult> {
  const { socketPath, timeout, signal } = options;
  const target = socketPath === undefined ? { host: hostOf(server), port: server.port } : { path: socketPath };
  return new Promise((resolve, reject) => {
    const socket = connect({ ...target, timeout, signal });
    const fail = (error: Error) => {
      socket.destroy();
      reject(translate(error));
    };
    socket.on('error', fail);
    socket.on('timeout', () => fail(new Error('timeout expired')));
    socket.on('connect', () => {
      socket.destroy();
      resolve(`A server accepts connections at ${addressText(server)}.`);
    });
  });
}

/** Describes how a connection is encrypted. Its `stream` is undefined when the server refused the login, which it does after the TLS handshake. */
export function tlsResult(
  { ssl_mode, host }: Pick<TlsSettings, 'ssl_mode' | 'host'>,
  stream: Duplex | undefined,
): CheckResult {
  if (host.startsWith('/')) return 'A Unix socket needs no TLS.';
  if (ssl_mode === 'disable') return 'Not encrypted, since ssl_mode is disable.';
  if (stream === undefined) return 'There was no TLS error.';
  if (stream instanceof TLSSocket)
    return `Encrypted with ${stream.getProtocol()}${ssl_mode.startsWith('verify') ? ', certificate verified' : ''}.`;
  const message = 'The server does not offer TLS, so the connection is not encrypted.';
  const isLocal = host === 'localhost' || hostOf({ host }) === '::1' || host.startsWith('127.');
  return isLocal
    ? message
    : {
        status: 'warning',
        message,
        remedy: 'Enable TLS on the server, and set ssl_mode to require or verify-full.',
      };
}
