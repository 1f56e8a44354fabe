import { isIP } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { invalidAnswer } from 'c8connector-sql';
import { type Driver, hasRest } from './driver.ts';
import type { Login } from './packet-guard.ts';

/**
 * Replaces how mysql2 negotiates TLS. Its own way checks the certificate of a server that is reached by its address against the name localhost, and hides the code of an error. User and password are sent
 * after the certificate was checked as `tls` says. `onBytes` is called after each arrival of bytes.
 */
export function replaceStartTls(
  driver: Driver,
  login: Login,
  { tls, host, onBytes }: { readonly tls: ConnectionOptions; readonly host: string; readonly onBytes: () => void },
): void {
  driver.startTLS = (onSecure) => {
    const plain = driver.stream;
    login.isNegotiating = true;
    let isSecure = false;
    plain.removeAllListeners('data');
    const secure = connect({ ...tls, socket: plain, host, ...(isIP(host) === 0 && { servername: host }) }, () => {
      isSecure = true;
      login.isNegotiating = false;
      // Whoever is on the way may have added it.
      onSecure(hasRest(driver) ? wrapped(invalidAnswer('bytes before the TLS handshake')) : undefined);
    });
    secure.on('data', (bytes) => {
      driver.packetParser.execute(bytes);
      onBytes();
    });
    secure.on('error', (error) => {
      if (isSecure) driver._handleNetworkError(error);
      else onSecure(wrapped(error));
    });
    // mysql2 listens to the end of the first one only.
    secure.on('close', () => plain.destroy());
    driver.stream = secure;
  };
}

/** mysql2 replaces the code of the error that it gets. */
function wrapped(error: Error): Error {
  return new Error(error.message, { cause: error });
}
