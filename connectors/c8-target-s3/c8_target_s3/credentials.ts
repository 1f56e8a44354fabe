import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { ConfigOf, ConfigProblem, Secret } from 'c8connector';
import { type AwsKeys, profileKeys, type Role, roleKeys } from './aws-keys.ts';
import type { credentialProperties } from './credential-properties.ts';

type CredentialConfig = ConfigOf<typeof credentialProperties>;

/** The credentials. Without any, the default credential chain applies. */
export interface CredentialSettings {
  readonly keys: { readonly access: Secret; readonly secret: Secret; readonly token: Secret | undefined } | undefined;
  readonly profile: string | undefined;
  /** A role that is assumed with the keys, the profile or the default chain. */
  readonly role: Role | undefined;
}

export function credentialSettings(config: CredentialConfig): CredentialSettings {
  const { access_key: access, secret_access_key: secret, session_token: token } = config;
  const { profile_name: profile, role_arn: arn, role_external_id: externalId, sts_endpoint: endpoint } = config;
  return {
    keys: access && secret && { access, secret, token },
    profile,
    role: arn === undefined ? undefined : { arn, externalId, endpoint },
  };
}

/** Problems of settings that each have the right type. */
export function credentialProblems(config: { readonly [K in keyof CredentialConfig]?: unknown }): ConfigProblem[] {
  const isGiven = (property: keyof CredentialConfig) => config[property] !== undefined;
  const problems: ConfigProblem[] = [];
  const add = (property: keyof CredentialConfig, message: string) => problems.push({ property, message });
  if (isGiven('access_key') !== isGiven('secret_access_key')) {
    const [missing, given] = isGiven('access_key')
      ? (['secret_access_key', 'access_key'] as const)
      : (['access_key', 'secret_access_key'] as const);
    add(missing, `It is missing, although ${given} is set. Set both or neither.`);
  }
  if (isGiven('session_token') && !isGiven('access_key') && !isGiven('secret_access_key')) {
    add('session_token', 'It belongs to a pair of keys. Set access_key and secret_access_key too.');
  }
  if (isGiven('profile_name') && isGiven('access_key')) {
    add('profile_name', 'access_key is set too, and only one of them can be used. Remove one.');
  }
  for (const property of ['role_external_id', 'sts_endpoint'] as const) {
    if (isGiven(property) && !isGiven('role_arn'))
      add(property, 'It is for a role. Set role_arn too, or remove this setting.');
  }
  return problems;
}

/** The credentials as the AWS SDK's client takes them. They are resolved only at the first request. */
export function clientCredentials({ keys, profile, role }: CredentialSettings): S3ClientConfig {
  // If the profile is missing, the default chain would fall back to the role of the machine.
  const own = profile === undefined ? keys && keysOf(keys) : profileKeys(profile);
  const credentials = role === undefined ? own : roleKeys(role, own);
  return { ...(profile !== undefined && { profile }), ...(credentials && { credentials }) };
}

function keysOf({ access, secret, token }: NonNullable<CredentialSettings['keys']>): AwsKeys {
  return {
    accessKeyId: access.reveal(),
    secretAccessKey: secret.reveal(),
    ...(token && { sessionToken: token.reveal() }),
  };
}
