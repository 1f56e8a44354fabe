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
      'Put the bucket into the path of the URL instead of the host name. Most S3-compatible servers need this. For endpoints without a dot, such as localhost, it is always done.',
    defaultValue: false,
    group: 'Server',
    isAdvanced: true,
  },
  request_checksums: {
    type: 'options',
    options: ['when_supported', 'when_required'],
    displayName: 'Request Checksums',
    description:
      'Which requests carry CRC-32 checksums. Set when_required for a server that refuses them. If not set, the value in AWS_REQUEST_CHECKSUM_CALCULATION or the AWS profile, otherwise when_supported.',
    group: 'Server',
    isAdvanced: true,
  },
  max_attempts: {
    type: 'integer',
    displayName: 'Attempts',
    description: 'How often a request is sent at most if the network or the server fails.',
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
      'Longest wait before a request is sent again. The wait begins at a tenth of a second and doubles each time.',
    defaultValue: 20,
    minimum: 1,
    maximum: 3600,
    group: 'Server',
    isAdvanced: true,
  },
  idle_timeout: {
    type: 'integer',
    displayName: 'Idle Time-out (Seconds)',
    description: 'A request fails if no byte is sent or received for this long. Its total duration is not limited.',
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
      'Larger objects are uploaded in parts of this size, or in larger parts if there would be more than the 10,000 that S3 allows. Up to three uploads run at a time, each with up to three parts in memory.',
    defaultValue: 8,
    minimum: 5,
    maximum: 1024,
    group: 'Server',
    isAdvanced: true,
  },
} as const;
