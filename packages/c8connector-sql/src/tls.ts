import type { ConnectionOptions } from 'node:tls';
import { type C8Error, ConfigError, type ConfigOf } from 'c8connector';
import type { tlsProperties } from './config.ts';

/** What TLS depends on in a config: the properties of `tlsProperties`, and the host. */
export type TlsSettings = ConfigOf<typeof tlsProperties> & { readonly host: string };

/** The TLS options for this config, or undefined when TLS must not be used: a `host` that begins with a slash is a Unix socket. Certificates stay in memory. */
function tlsOptions(config: TlsSettings): ConnectionOptions | undefined {
  if (config.ssl_mode === 'disable' || config.host.startsWith('/')) return undefined;
  const isVerified = config.ssl_mode === 'verify-ca' || config.ssl_mode === 'verify-full';
  const authority = config.ssl_root_ca_cert;
  return {
    rejectUnauthorized: isVerified,
    ...(isVerified && authority && { ca: repairPem(authority, 'ssl_root_ca_cert') }),
    ...(config.ssl_mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...clientCertificate(config),
  };
}

function clientCertificate(config: TlsSettings): ConnectionOptions {
  const key = config.ssl_client_key?.reveal();
  const password = config.ssl_client_password?.reveal();
  if (!config.ssl_client_certificate && !key) return {};
  if (!config.ssl_client_certificate || !key) {
    const property = key ? 'ssl_client_certificate' : 'ssl_client_key';
    const message = `${property} is missing: a client certificate needs its key, and a key its certificate.`;
    throw new ConfigError(message, {
      code: 'config_invalid',
      details: { property },
      problems: [{ property, message }],
    });
  }
  return {
    cert: repairPem(config.ssl_client_certificate, 'ssl_client_certificate'),
    key: repairPem(key, 'ssl_client_key'),
    ...(password && { passphrase: password }),
  };
}

/** What {@link connectByMode} must know of the errors of a database. */
export interface TlsRefusals {
  translate(error: unknown): C8Error;
  /** Whether the server refuses connections with, or without, TLS, so that the other kind may work. */
  isAboutTls(error: C8Error): boolean;
  /** Whether the server accepted the login of the last connection: what fails then would fail without TLS too. */
  isLoggedIn(): boolean;
}

/**
 * Connects with TLS or without, by `ssl_mode`. With `prefer` it connects again without TLS when the server refused TLS, but not when it refused the password, which would fail without TLS too. Rejects with
 * `translate` of the error; of two refusals, with the first one unless it was that the server has no TLS.
 */
export async function connectByMode<T>(
  config: TlsSettings,
  connect: (tls: ConnectionOptions | undefined) => Promise<T>,
  { translate, isAboutTls, isLoggedIn }: TlsRefusals,
): Promise<T> {
  const tls = tlsOptions(config);
  try {
    return await connect(tls);
  } catch (error) {
    const first = translate(error);
    if (config.ssl_mode !== 'prefer' || tls === undefined || isLoggedIn() || !isAboutTls(first)) throw first;
    return await connect(undefined).catch((plainError) => {
      const second = translate(plainError);
      throw first.code !== 'tls_refused' && isAboutTls(second) ? first : second;
    });
  }
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/**
 * PEM text in the form that TLS accepts. Forms and environment variables turn its line breaks into blanks or into `\n` as two characters: these are
 * repaired.
 *
 * @throws {ConfigError} `config_invalid` when it contains no PEM block.
 */
export function repairPem(text: string, property: string): string {
  const blocks = [...text.replaceAll('\\n', '\n').matchAll(block)].map(([, label = '', body = '']) => {
    const lines = body.trim().split(/\r?\n/);
    const content = lines.length > 1 ? lines.map((line) => line.trim()).join('\n') : body.trim().replace(/\s+/g, '\n');
    return `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
  });
  if (blocks.length > 0) return blocks.join('');
  const message = `Invalid PEM format in ${property}: it must contain -----BEGIN …----- and -----END …-----.`;
  throw new ConfigError(message, {
    code: 'config_invalid',
    remedy: 'Paste the content of the PEM file, not its path.',
    details: { property },
    problems: [{ property, message }],
  });
}
