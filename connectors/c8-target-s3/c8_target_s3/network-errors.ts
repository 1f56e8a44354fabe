import { type C8Error, ConnectionError } from 'c8connector';
import { type Attempt, addressOf } from './attempt.ts';
import { networkCodeOf } from './sdk-error.ts';

const lost = ['connection_lost', (address: string) => `The connection to ${address} broke.`] as const;
const unreachable = ['connection_refused', (address: string) => `${address} cannot be reached from here.`] as const;

const meanings: Readonly<Record<string, readonly [code: string, message: (address: string) => string]>> = {
  ENOTFOUND: ['host_unknown', (address) => `The host of ${address} is unknown.`],
  EAI_AGAIN: ['host_unknown', (address) => `The host of ${address} cannot be looked up right now.`],
  ECONNREFUSED: ['connection_refused', (address) => `Nothing accepts connections at ${address}.`],
  EHOSTUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  ETIMEDOUT: ['connection_timeout', (address) => `${address} did not answer in time.`],
  ECONNRESET: lost,
  ECONNABORTED: lost,
  EPIPE: lost,
  ERR_STREAM_PREMATURE_CLOSE: lost,
  EPROTO: ['tls_refused', (address) => `${address} does not speak TLS as expected.`],
};

/** Translates a network error; undefined for any other error. */
export function networkError(error: Error, attempt: Attempt): C8Error | undefined {
  const code = networkCodeOf(error) ?? '';
  const isCertificate = /CERT|SIGNATURE|SELF_SIGNED/.test(code);
  const [ours, message] = meaningOf(code, isCertificate) ?? [];
  if (ours === undefined || message === undefined) return undefined;
  const remedy = ours === 'host_unknown' ? hostRemedy(error, attempt) : undefined;
  return new ConnectionError(message(addressOf(attempt)), {
    code: ours,
    cause: error,
    isRetryable: !isCertificate && ours !== 'tls_refused',
    details: { property: attempt.endpoint === undefined ? 'region' : 'endpoint', operation: attempt.operation },
    ...(remedy === undefined ? {} : { remedy }),
  });
}

function meaningOf(code: string, isCertificate: boolean) {
  if (isCertificate)
    return ['tls_refused', (address: string) => `The certificate of ${address} is not trusted (${code}).`] as const;
  if (code.startsWith('ERR_SSL_'))
    return ['tls_refused', (address: string) => `${address} does not speak TLS as expected (${code}).`] as const;
  // From Node's HTTP parser: another kind of server answers.
  if (code.startsWith('HPE_'))
    return ['server_answer_invalid', (address: string) => `${address} does not speak HTTP (${code}).`] as const;
  return meanings[code];
}

/** Unless path style is set, the bucket is a part of the host name: the usual reason when one's own server is not found. */
function hostRemedy(error: Error, { bucket, endpoint }: Attempt): string | undefined {
  const asked: unknown = Reflect.get(error, 'hostname');
  if (endpoint === undefined || typeof asked !== 'string' || !asked.startsWith(`${bucket}.`)) return undefined;
  return `The name that was looked up, ${asked}, begins with the bucket. Set force_path_style to true if the server has no host name for each bucket.`;
}
