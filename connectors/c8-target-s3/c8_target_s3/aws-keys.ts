import { createRequire } from 'node:module';
import { ConnectionError } from 'c8connector';
import { networkError } from './network-errors.ts';
import { isThrottling } from './refusals.ts';
import { answerOf, shownAnswer } from './sdk-error.ts';

/** A role to assume. */
export interface Role {
  readonly arn: string;
  readonly externalId: string | undefined;
  /** Undefined for the STS of AWS. */
  readonly endpoint: string | undefined;
}

/** Keys as the AWS SDK takes them. */
export type AwsKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};
type Sdk = typeof import('@aws-sdk/credential-providers');
type Provider = ReturnType<Sdk['fromTemporaryCredentials']>;

/** Loads it only for a profile or a role. It is CommonJS, like the client. */
function loadSdk(): Sdk {
  return createRequire(import.meta.url)('@aws-sdk/credential-providers');
}

/** The keys of a profile in the AWS config files of this machine. */
export function profileKeys(profile: string): Provider {
  let provider: Provider | undefined;
  return async (properties) => {
    provider ??= loadSdk().fromIni({ profile });
    return await provider(properties);
  };
}

/** The keys of an assumed role. It is assumed with the keys in `own`, otherwise with those of the default chain. The SDK renews the keys before they expire. */
export function roleKeys(role: Role, own: AwsKeys | Provider | undefined): Provider {
  let provider: Provider | undefined;
  return async (properties) => {
    provider ??= temporaryKeys(role, own);
    try {
      return await provider(properties);
    } catch (error) {
      throw roleError(error, role);
    }
  };
}

function temporaryKeys({ arn, externalId, endpoint }: Role, own: AwsKeys | Provider | undefined): Provider {
  return loadSdk().fromTemporaryCredentials({
    params: {
      RoleArn: arn,
      RoleSessionName: 'c8-target-s3',
      ...(externalId !== undefined && { ExternalId: externalId }),
    },
    ...(own && { masterCredentials: own }),
    ...(endpoint !== undefined && { clientConfig: { endpoint } }),
  });
}

/** Translates errors of STS and of the network. Returns any other error unchanged: an SDK error about the keys, or a fault. */
function roleError(error: unknown, { arn, endpoint }: Role): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError' || /ProviderError$/.test(error.name)) return error;
  const property = endpoint === undefined ? 'role_arn' : 'sts_endpoint';
  const attempt = { operation: 'AssumeRole', right: 'sts:AssumeRole', bucket: '', endpoint: endpoint ?? 'STS of AWS' };
  const ofNetwork = networkError(error, attempt);
  if (ofNetwork !== undefined) {
    const { code, message, isRetryable } = ofNetwork;
    return new ConnectionError(message, {
      code,
      cause: error,
      isRetryable,
      details: { property, operation: 'AssumeRole' },
    });
  }
  const answer = answerOf(error);
  const { status, s3Code } = answer;
  if (status === undefined) return error;
  if (s3Code === 'InvalidClientTokenId' || s3Code === 'SignatureDoesNotMatch') {
    return new ConnectionError(
      `STS rejects the keys with which the role ${arn} should be assumed: ${shownAnswer(answer)}.`,
      {
        code: 'login_refused',
        cause: error,
        remedy:
          'Set access_key and secret_access_key again, or correct the profile or the environment that they come from.',
        details: { property: 'access_key', operation: 'AssumeRole', status },
      },
    );
  }
  const isBusy = status >= 500 || isThrottling(status, s3Code);
  return new ConnectionError(`The role ${arn} cannot be assumed: ${shownAnswer(answer)}.`, {
    code: isBusy ? 'server_busy' : 'login_refused',
    cause: error,
    isRetryable: isBusy,
    ...(!isBusy && {
      remedy: 'Check whether its trust policy allows these keys, and whether it requires another role_external_id.',
    }),
    details: { property: isBusy ? property : 'role_arn', operation: 'AssumeRole', status },
  });
}
