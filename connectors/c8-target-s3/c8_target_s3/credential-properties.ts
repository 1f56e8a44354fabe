/** The settings for the credentials. */
export const credentialProperties = {
  access_key: {
    type: 'password',
    displayName: 'Access Key',
    description:
      'AWS access key. Without keys the default credential chain is used: environment, profile, container or instance role.',
    group: 'Credentials',
  },
  secret_access_key: {
    type: 'password',
    displayName: 'Secret Access Key',
    description: 'AWS secret access key that belongs to the access key.',
    group: 'Credentials',
  },
  session_token: {
    type: 'password',
    displayName: 'Session Token',
    description:
      'Token of temporary keys. They expire with their session; the keys of a role or a profile are renewed automatically.',
    group: 'Credentials',
    isAdvanced: true,
  },
  profile_name: {
    type: 'string',
    displayName: 'Profile Name',
    description:
      'Profile in the AWS files of this machine (~/.aws), whose credentials and region are used instead of keys.',
    placeholderValue: 'profile',
    group: 'Credentials',
    isAdvanced: true,
  },
  role_arn: {
    type: 'string',
    displayName: 'Role ARN',
    description:
      'Role to assume, with the keys or the profile in the config, otherwise with the default credential chain. Its keys are renewed before they expire.',
    placeholderValue: 'arn:aws:iam::111122223333:role/writer',
    pattern: 'arn:[a-z-]+:iam::\\d{12}:role/[\\w+=,.@/-]+',
    group: 'Credentials',
    isAdvanced: true,
  },
  role_external_id: {
    type: 'string',
    displayName: 'External ID of the Role',
    description: 'External ID, if the trust policy of the role asks for one.',
    pattern: '[\\w+=,.@:/-]{2,1224}',
    group: 'Credentials',
    isAdvanced: true,
  },
  sts_endpoint: {
    type: 'string',
    displayName: 'STS Endpoint',
    description: 'URL of the STS server that issues the keys of the role. Leave it empty for AWS.',
    pattern: 'https?://[^\\s]+',
    group: 'Credentials',
    isAdvanced: true,
  },
} as const;
