import { ConfigError, type ConfigOf, type SubMicroseconds } from 'c8connector';
import { configProblems } from './config-problems.ts';
import { credentialProperties } from './credential-properties.ts';
import { type CredentialSettings, credentialSettings } from './credentials.ts';
import { needsPathStyle } from './endpoint.ts';
import { formatProperties } from './format-properties.ts';
import { objectProperties } from './object-properties.ts';
import { type ObjectSettings, objectSettings } from './object-settings.ts';
import { pathProperties } from './path-properties.ts';
import { type PathTemplate, parsePathTemplate } from './path-template.ts';
import { rejectionProperties } from './rejection-properties.ts';
import type { RetrySettings } from './retry.ts';
import { serverProperties } from './server-properties.ts';

/** The properties of the config. `settingsOf` turns them into settings. */
export const config = {
  bucket: {
    type: 'string',
    displayName: 'Bucket',
    description: 'Name of the bucket. It must exist.',
    isMandatory: true,
    placeholderValue: 'lake',
  },
  region: {
    type: 'string',
    displayName: 'Region',
    description:
      'AWS region of the bucket. If not set, the region in AWS_REGION or the AWS profile, otherwise us-east-1.',
    placeholderValue: 'us-east-2',
  },
  ...credentialProperties,
  ...serverProperties,
  ...objectProperties,
  ...formatProperties,
  ...pathProperties,
  ...rejectionProperties,
  old_versions: {
    type: 'options',
    options: ['keep', 'delete'],
    displayName: 'Old Versions',
    description:
      'What happens to the objects of the previous copy of a table once a new copy is complete: keep leaves them, delete deletes those that this connection wrote.',
    defaultValue: 'keep',
    isDynamic: true,
    isAdvanced: true,
  },
  batch_flush_interval: {
    type: 'integer',
    displayName: 'Batch Flush Interval (Seconds)',
    description: 'Objects are written at the latest this many seconds after their first row has arrived.',
    defaultValue: 60,
    minimum: 1,
    group: 'Flush',
  },
  flush_rows: {
    type: 'integer',
    displayName: 'Flush Rows',
    description: 'Objects are written at the latest after this many rows.',
    defaultValue: 1_000_000,
    minimum: 1,
    group: 'Flush',
    isAdvanced: true,
  },
  file_bytes: {
    type: 'integer',
    displayName: 'File Bytes',
    description:
      'Size in bytes at which an object is complete and the next one begins. A flush completes objects earlier.',
    defaultValue: 128_000_000,
    minimum: 1,
    group: 'Flush',
    isAdvanced: true,
  },
  flush_bytes: {
    type: 'integer',
    displayName: 'Flush Bytes',
    description: 'Objects are written at the latest after this many bytes of rows, measured as the rows arrive.',
    defaultValue: 512_000_000,
    minimum: 1,
    group: 'Flush',
    isAdvanced: true,
  },
} as const;

/** A config as `parseConfig` returns it. */
export type S3Config = ConfigOf<typeof config>;

/** Parquet can use all of them, the other formats none and gzip. */
type Compression = 'none' | 'gzip' | 'snappy' | 'zstd';

/** How times without a zone are stored. A TIME cannot store 24:00:00, and some readers refuse files with a TIME column. */
export type TimeType = 'text' | 'time';

/** The settings of a config whose properties are valid together. */
export interface Settings {
  readonly bucket: string;
  /** Undefined to use the environment. */
  readonly region: string | undefined;
  readonly credentials: CredentialSettings;
  /** How S3 stores the objects. */
  readonly objects: ObjectSettings;
  readonly endpoint: string | undefined;
  readonly forcePathStyle: boolean;
  /** Undefined to use the environment. */
  readonly requestChecksums: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED' | undefined;
  readonly retry: RetrySettings;
  /** Milliseconds. */
  readonly idleTimeout: number;
  /** Bytes. */
  readonly partSize: number;
  readonly format: 'parquet' | 'jsonl' | 'json' | 'csv';
  readonly compression: Compression;
  /** How Parquet stores times without a zone. */
  readonly timeType: TimeType;
  /** What Parquet does with times that are finer than a microsecond. */
  readonly subMicroseconds: SubMicroseconds;
  readonly csvEscapesFormulas: boolean;
  /** Whether a row that cannot be stored ends its stream. */
  readonly isStrict: boolean;
  /** The most rows of a stream that a run may reject. */
  readonly mostRejected: number;
  /** Size of an object, in bytes, at which the next one begins. */
  readonly fileBytes: number;
  readonly oldVersions: 'keep' | 'delete';
  readonly addsMetadataColumns: boolean;
  /** Whether each row has its own object, named by its key. */
  readonly objectPerRecord: boolean;
  /** With `objectPerRecord`: whether the object of a deleted row is deleted. Otherwise it is stored with `_sdc_deleted_at`. */
  readonly deletesRows: boolean;
  /** Everything is written below it: '' or a path that ends with a slash. */
  readonly folder: string;
  /** The paths of objects below the folder. */
  readonly path: PathTemplate;
}

/** Throws a ConfigError `config_invalid` that names all properties that are not valid together. */
export function settingsOf(config: S3Config): Settings {
  const compression = config.compression ?? usualCompression(config);
  const path = parsePathTemplate(config.path_template);
  const problems = configProblems({ ...config, compression });
  if (typeof path === 'string') problems.push({ property: 'path_template', message: path });
  if (typeof path === 'string' || problems.length > 0) {
    throw new ConfigError(problems.map(({ property, message }) => `${property}: ${message}`).join(' '), {
      code: 'config_invalid',
      problems,
      details: { property: problems[0]?.property },
    });
  }
  return {
    bucket: config.bucket,
    region: config.region,
    credentials: credentialSettings(config),
    objects: objectSettings(config),
    endpoint: config.endpoint,
    forcePathStyle: config.force_path_style || needsPathStyle(config.endpoint),
    requestChecksums: config.request_checksums && checksums[config.request_checksums],
    retry: { attempts: config.max_attempts, longestDelay: config.max_retry_delay * 1_000 },
    idleTimeout: config.idle_timeout * 1_000,
    partSize: config.part_size * 1024 * 1024,
    format: config.format,
    compression,
    timeType: config.time_type ?? 'text',
    subMicroseconds: config.sub_microseconds ?? 'fail',
    csvEscapesFormulas: config.csv_escape_formulas ?? false,
    isStrict: config.strict,
    mostRejected: config.max_rejected ?? 0,
    fileBytes: config.file_bytes,
    oldVersions: config.old_versions,
    addsMetadataColumns: config.add_metadata_columns,
    objectPerRecord: config.object_per_record ?? false,
    deletesRows: config.hard_delete ?? true,
    folder: folderOf(config.prefix, config.target_directory),
    path,
  };
}

function usualCompression({ format, object_per_record }: S3Config): Compression {
  if (format === 'parquet') return 'zstd';
  return object_per_record ? 'none' : 'gzip';
}

/** The names of the AWS SDK. */
const checksums = { when_supported: 'WHEN_SUPPORTED', when_required: 'WHEN_REQUIRED' } as const;

function folderOf(...paths: readonly (string | undefined)[]): string {
  const parts = paths.flatMap((path) => (path ?? '').split('/')).filter((part) => part !== '');
  return parts.map((part) => `${part}/`).join('');
}
