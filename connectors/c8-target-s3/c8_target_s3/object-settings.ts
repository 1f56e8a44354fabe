import type { ObjectCannedACL, ServerSideEncryption, StorageClass } from '@aws-sdk/client-s3';
import type { ConfigOf, ConfigProblem } from 'c8connector';
import type { objectProperties } from './object-properties.ts';

type ObjectConfig = ConfigOf<typeof objectProperties>;

/** Additional parameters of requests, with the names of S3. */
export interface ObjectSettings {
  /** For every request. */
  readonly all: { readonly ExpectedBucketOwner?: string };
  /** For requests that create an object. */
  readonly made: {
    readonly ServerSideEncryption?: ServerSideEncryption;
    readonly SSEKMSKeyId?: string;
    readonly StorageClass?: StorageClass;
    readonly ACL?: ObjectCannedACL;
    /** Encoded as a URL query. */
    readonly Tagging?: string;
  };
}

export function objectSettings(config: ObjectConfig): ObjectSettings {
  const { server_side_encryption: encryption, kms_key_id: key, storage_class: storage, acl, tags } = config;
  const { expected_bucket_owner: owner } = config;
  return {
    all: owner === undefined ? {} : { ExpectedBucketOwner: owner },
    made: {
      ...(encryption && { ServerSideEncryption: encryption }),
      ...(key !== undefined && { SSEKMSKeyId: key }),
      ...(storage && { StorageClass: storage }),
      ...(acl && { ACL: acl }),
      ...(tags && { Tagging: new URLSearchParams(tags as Record<string, string>).toString() }),
    },
  };
}

/** Problems of settings that each have the right type. */
export function objectProblems({ server_side_encryption, kms_key_id, tags }: Partial<ObjectConfig>): ConfigProblem[] {
  const key =
    kms_key_id !== undefined && server_side_encryption !== 'aws:kms'
      ? [
          {
            property: 'kms_key_id',
            message: 'It is for server_side_encryption: aws:kms. Set that too, or remove this setting.',
          },
        ]
      : [];
  return [...key, ...tagProblems(tags ?? {})];
}

const mostTags = 10;
const longestKey = 128;
const longestValue = 256;

function tagProblems(tags: Readonly<Record<string, unknown>>): ConfigProblem[] {
  const problem = (message: string) => ({ property: 'tags', message });
  const entries = Object.entries(tags);
  const many =
    entries.length > mostTags
      ? [problem(`There are ${entries.length} tags, but an object can have at most ${mostTags}.`)]
      : [];
  return [
    ...many,
    ...entries.flatMap(([key, value]) => {
      const shown = JSON.stringify(key);
      if (typeof value !== 'string') return [problem(`The tag ${shown} must be a string: put it in quotes.`)];
      if (key === '' || key.length > longestKey || value.length > longestValue)
        return [
          problem(
            `The tag ${shown} is empty or too long: a key has 1 to ${longestKey} characters, a value up to ${longestValue}.`,
          ),
        ];
      if (key.startsWith('aws:')) return [problem(`The tag ${shown} begins with aws:, which is reserved for AWS.`)];
      if (isTagText(key) && isTagText(value)) return [];
      return [
        problem(
          `The tag ${shown} has a character that S3 does not allow: use letters, digits, spaces and _ . : / = + - @.`,
        ),
      ];
    }),
  ];
}

function isTagText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}
