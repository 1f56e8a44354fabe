/** The settings for the connection to the server and its timeouts. */
export const serverProperties = {
  endpoint: {
    type: 'string',
    displayName: 'Endpoint',
    description: 'URL of an S3-compatible server. Leave it empty for AWS.',
    placeholderValue: 'https://minio.example.com:9000',
    pattern: 'https?://[^\\s]+',
    group: 'Server',
    isAdvanced: true,
  },
  force_path_style: {
    type: 'boolean',
    displayName: 'Force Path Style',
    description:
      'Address the bucket as a path instead of a host name. Most S3-compatible servers need it. Endpoints without a dot, such as localhost, always have it.',
    defaultValue: false,
    group: 'Server',
    isAdvanced: true,
  },
  request_checksums: {
    type: 'options',
    options: ['when_supported', 'when_required'],
    displayName: 'Request Checksums',
    description:
      'Whether requests carry CRC-32 checksums. A server that refuses them wants when_required. When left out, AWS_REQUEST_CHECKSUM_CALCULATION or the AWS profile say it, else it is when_supported.',
    group: 'Server',
    isAdvanced: true,
  },
  max_attempts: {
    type: 'integer',
    displayName: 'Attempts',
    description: 'How often a request is sent at most, when the network or the server fails.',
    defaultValue: 10,
    minimum: 1,
    maximum: 100,
    group: 'Server',
    isAdvanced: true,
  },
  max_retry_delay: {
    type: 'integer',
    displayName: 'Longest Retry Delay (Seconds)',
    description:
      'How long to wait at most before a request is sent again. The wait doubles each time, from a tenth of a second.',
    defaultValue: 20,
    minimum: 1,
    maximum: 3600,
    group: 'Server',
    isAdvanced: true,
  },
  idle_timeout: {
    type: 'integer',
    displayName: 'Idle Time-out (Seconds)',
    description:
      'How long no byte may move before a request counts as failed. How long it takes in all does not matter.',
    defaultValue: 60,
    minimum: 1,
    maximum: 3600,
    group: 'Server',
    isAdvanced: true,
  },
  part_size: {
    type: 'integer',
    displayName: 'Part Size (MiB)',
    description:
      'Larger objects are uploaded in parts of this size; one that would have more than the 10,000 parts of S3 has larger ones. Each of three uploads at a time holds up to three parts in memory.',
    defaultValue: 8,
    minimum: 5,
    maximum: 1024,
    group: 'Server',
    isAdvanced: true,
  },
} as const;
