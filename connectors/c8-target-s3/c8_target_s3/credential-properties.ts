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
    description: 'Token of temporary keys. They end with their session: a role or a profile is renewed by itself.',
    group: 'Credentials',
    isAdvanced: true,
  },
  profile_name: {
    type: 'string',
    displayName: 'Profile Name',
    description:
      'Profile of the AWS files of this machine (~/.aws), whose credentials and region are used in the place of keys.',
    placeholderValue: 'profile',
    group: 'Credentials',
    isAdvanced: true,
  },
  role_arn: {
    type: 'string',
    displayName: 'Role ARN',
    description:
      'Role to assume, with the keys or the profile given, else with the default credential chain. Its keys are renewed before they end.',
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
    description: 'URL of the server that gives the keys of the role. Leave it empty for AWS.',
    pattern: 'https?://[^\\s]+',
    group: 'Credentials',
    isAdvanced: true,
  },
} as const;
