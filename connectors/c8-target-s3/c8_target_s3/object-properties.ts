/** The settings for how S3 stores the objects. */
export const objectProperties = {
  server_side_encryption: {
    type: 'options',
    options: ['AES256', 'aws:kms'],
    displayName: 'Server-side Encryption',
    description:
      'How S3 encrypts the objects: AES256 with keys that S3 manages, aws:kms with a KMS key. If not set, the bucket decides.',
    group: 'Objects',
    isAdvanced: true,
  },
  kms_key_id: {
    type: 'string',
    displayName: 'KMS Key',
    description: 'Id, ARN or alias of the key for aws:kms. If not set, the key that AWS manages for S3.',
    placeholderValue: 'arn:aws:kms:eu-central-1:111122223333:key/…',
    group: 'Objects',
    isAdvanced: true,
  },
  storage_class: {
    type: 'options',
    options: ['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'REDUCED_REDUNDANCY'],
    displayName: 'Storage Class',
    description:
      'Storage class of the objects. For classes whose objects must be restored before they can be read, use a lifecycle rule of the bucket.',
    group: 'Objects',
    isAdvanced: true,
  },
  acl: {
    type: 'options',
    options: [
      'private',
      'bucket-owner-full-control',
      'bucket-owner-read',
      'authenticated-read',
      'public-read',
      'aws-exec-read',
    ],
    displayName: 'ACL',
    description:
      'Canned ACL of the objects, for buckets with ACLs enabled, such as bucket-owner-full-control for a bucket of another account.',
    group: 'Objects',
    isAdvanced: true,
  },
  tags: {
    type: 'object',
    displayName: 'Tags',
    description: 'Tags of the objects, at most ten, for example for lifecycle rules or cost allocation.',
    placeholderValue: '{"team": "sales"}',
    group: 'Objects',
    isAdvanced: true,
  },
  expected_bucket_owner: {
    type: 'string',
    displayName: 'Expected Bucket Owner',
    description:
      'AWS account, of 12 digits, that must own the bucket. S3 refuses all requests if another account owns it.',
    placeholderValue: '111122223333',
    pattern: '\\d{12}',
    group: 'Objects',
    isAdvanced: true,
  },
} as const;
