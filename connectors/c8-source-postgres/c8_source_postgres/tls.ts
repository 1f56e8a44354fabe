import type { ConnectionOptions } from 'node:tls';
import { ConfigError } from 'c8connector';
import type { PostgresConfig } from './config.ts';
import { repairPem } from './pem.ts';

/** What TLS is made of under this config, or undefined when it must not be used. Certificates stay in memory. */
export function tlsOptions(config: PostgresConfig): ConnectionOptions | undefined {
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

function clientCertificate(config: PostgresConfig): ConnectionOptions {
  const key = config.ssl_client_key?.reveal();
  const password = config.ssl_client_password?.reveal();
  if (!config.ssl_client_certificate && !key) return {};
  if (!config.ssl_client_certificate || !key) {
    const property = key ? 'ssl_client_certificate' : 'ssl_client_key';
    const message = `${property} is missing: a client certificate and its key go together.`;
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
