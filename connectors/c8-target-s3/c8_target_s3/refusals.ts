import { type Attempt, addressOf, placeOf } from './attempt.ts';

/** The meaning of an S3 error code or a status, as an error of this project. */
export interface Refusal {
  readonly code: string;
  readonly message: (attempt: Attempt, answer: string) => string;
  readonly remedy?: string;
  /** The property of the config at fault. */
  readonly property?: string;
  readonly isRetryable?: true;
}

const denied: Refusal = {
  code: 'access_denied',
  message: (attempt) => {
    const other = attempt.owner === undefined ? '' : `, or the bucket does not belong to the account ${attempt.owner}`;
    return `${attempt.right} on ${placeOf(attempt)} is denied${other}.`;
  },
};
const unknownKey: Refusal = {
  code: 'login_refused',
  message: () => 'S3 does not know the access key.',
  property: 'access_key',
};
const expiredSession: Refusal = {
  code: 'login_refused',
  message: () => 'The session of the credentials has expired or is not valid.',
  remedy: 'Log in again, or use credentials that renew themselves, such as a profile or a role.',
};
const wrongClock: Refusal = {
  code: 'login_refused',
  message: () => 'The clock of this machine is wrong, so S3 refuses its signatures.',
  remedy: 'Set the clock.',
};
/** S3, or a server in front of it, is busy. An answer that is {@link isThrottling} also slows down all requests. */
const busy: Refusal = {
  code: 'server_busy',
  message: (attempt, answer) => `${addressOf(attempt)} answered ${attempt.operation} with ${answer}.`,
  isRetryable: true,
};
const bodyIncomplete: Refusal = {
  code: 'connection_timeout',
  message: (attempt, answer) =>
    `${placeOf(attempt)} did not arrive completely and in time at ${addressOf(attempt)}: ${answer}.`,
  isRetryable: true,
};
const bodyChanged: Refusal = {
  code: 'body_changed',
  message: (attempt, answer) =>
    `The bytes of ${placeOf(attempt)} that arrived at ${addressOf(attempt)} are not those that were sent: ${answer}.`,
  remedy: 'Run again. If it happens again, check the proxies on the way to the server, and the memory of this machine.',
  isRetryable: true,
};
const uploadLost: Refusal = {
  code: 'upload_lost',
  message: (attempt, answer) => `S3 has lost the upload of ${placeOf(attempt)}, or a part of it: ${answer}.`,
  remedy: 'Run again. If it happens again, find out what aborts uploads in this bucket, such as a lifecycle rule.',
  isRetryable: true,
};
const unsupported: Refusal = {
  code: 'operation_unsupported',
  message: (attempt, answer) => `${addressOf(attempt)} does not support ${attempt.operation} in this form: ${answer}.`,
  remedy:
    'If it refuses checksums, set request_checksums to when_required. Otherwise use a server that supports this operation.',
  property: 'endpoint',
};
const full: Refusal = {
  code: 'disk_full',
  message: (attempt, answer) => `${addressOf(attempt)} has no space left for ${placeOf(attempt)}: ${answer}.`,
  remedy: 'Free some space on the server or raise the quota of the bucket, and run again.',
};
const conditionFailed: Refusal = {
  code: 'request_refused',
  message: (attempt, answer) => `A condition of the request to write ${placeOf(attempt)} is not met: ${answer}.`,
  remedy: 'Find out what else writes an object of this name, and which conditions the policy of the bucket requires.',
};
const tooLarge: Refusal = {
  code: 'request_refused',
  message: (attempt, answer) => `${addressOf(attempt)} refuses a request of this size: ${answer}.`,
  remedy: 'Lower part_size, or raise the limit of the proxy or server.',
  property: 'part_size',
};
const refusedSetting = (property: string, what: string, remedy: string): Refusal => ({
  code: 'request_refused',
  message: (attempt, answer) => `S3 refuses ${what} of ${placeOf(attempt)}: ${answer}.`,
  remedy,
  property,
});
const refusedKey = refusedSetting(
  'kms_key_id',
  'the KMS key',
  'Correct kms_key_id, or enable the key and allow kms:GenerateDataKey and kms:Decrypt with it. The key must be in the region of the bucket.',
);
/** Any other refusal with an S3 error code, which no further run can fix by itself. */
const refusedRequest: Refusal = {
  code: 'request_refused',
  message: (attempt, answer) => `S3 refuses ${attempt.operation} of ${placeOf(attempt)}: ${answer}.`,
  remedy: "Correct what S3's message names, in the config, in the rules of the bucket or on the server.",
};

const all = (names: string, refusal: Refusal) => Object.fromEntries(names.split(' ').map((name) => [name, refusal]));

/** By the error codes of S3, and by those that S3-compatible servers add. */
const byCode: Readonly<Record<string, Refusal>> = {
  NoSuchBucket: {
    code: 'bucket_missing',
    message: ({ bucket }) => `The bucket ${JSON.stringify(bucket)} does not exist.`,
    property: 'bucket',
  },
  InvalidBucketName: {
    code: 'bucket_missing',
    message: ({ bucket }) => `${JSON.stringify(bucket)} is not a valid bucket name.`,
    property: 'bucket',
  },
  SignatureDoesNotMatch: {
    code: 'login_refused',
    message: () => 'The secret access key does not belong to the access key.',
    property: 'secret_access_key',
  },
  TimeoutError: {
    code: 'connection_timeout',
    message: (attempt) => `S3 did not answer in time at ${addressOf(attempt)}.`,
    property: 'endpoint',
    isRetryable: true,
  },
  ...all('InvalidAccessKeyId XAdminUserNotFound', unknownKey),
  ...all('ExpiredToken ExpiredTokenException InvalidToken TokenRefreshRequired', expiredSession),
  ...all('RequestTimeTooSkewed RequestExpired', wrongClock),
  ...all('AccessDenied Forbidden AllAccessDisabled AccountProblem', denied),
  ...all('RequestTimeout RequestTimeoutException IncompleteBody', bodyIncomplete),
  ...all('BadDigest InvalidDigest XAmzContentSHA256Mismatch XAmzContentChecksumMismatch', bodyChanged),
  ...all('NoSuchUpload InvalidPart', uploadLost),
  ...all('OperationAborted ConditionalRequestConflict Conflict InternalError', busy),
  ...all('NotImplemented MethodNotAllowed', unsupported),
  ...all('InsufficientStorage InsufficientCapacity QuotaExceeded StorageQuotaExceeded XMinioStorageFull', full),
  ...all('XMinioAdminBucketQuotaExceeded', full),
  AccessControlListNotSupported: refusedSetting('acl', 'the ACL', 'Remove acl: ACLs are disabled in this bucket.'),
  InvalidStorageClass: refusedSetting('storage_class', 'the storage class', 'Choose one that this server supports.'),
  InvalidTag: refusedSetting('tags', 'the tags', 'Correct tags as the message says.'),
  ...all(
    'KMS.NotFoundException KMS.DisabledException KMS.KMSInvalidStateException KMS.InvalidKeyUsageException',
    refusedKey,
  ),
  ...all('PreconditionFailed', conditionFailed),
  ...all('EntityTooLarge MaxMessageLengthExceeded', tooLarge),
};

const byStatus: Readonly<Record<number, Refusal>> = {
  405: unsupported,
  408: bodyIncomplete,
  409: busy,
  412: conditionFailed,
  413: tooLarge,
  429: busy,
  501: unsupported,
  507: full,
};

const throttlingCodes =
  'SlowDown SlowDownRead SlowDownWrite Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException RequestLimitExceeded TooManyRequests TooManyRequestsException BandwidthLimitExceeded LimitExceededException ProvisionedThroughputExceededException EC2ThrottledException PriorRequestNotComplete ServiceUnavailable'.split(
    ' ',
  );

/** Whether an answer asks for fewer requests. */
export function isThrottling(status: unknown, s3Code: unknown): boolean {
  return status === 429 || status === 503 || throttlingCodes.includes(String(s3Code));
}

/** The meaning of an answer that is not a success; undefined for an answer that is not of the S3 protocol. */
export function refusalOf(status: number | undefined, s3Code: string | undefined): Refusal | undefined {
  if (s3Code !== undefined && Object.hasOwn(byCode, s3Code)) return byCode[s3Code];
  if (isThrottling(status, s3Code)) return busy;
  if (status === undefined) return undefined;
  if (byStatus[status] !== undefined) return byStatus[status];
  if (status === 403) return denied;
  if (status >= 500) return busy;
  return s3Code !== undefined && status >= 400 ? refusedRequest : undefined;
}
