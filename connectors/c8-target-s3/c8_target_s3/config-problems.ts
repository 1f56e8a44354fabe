import type { ConfigProblem } from 'c8connector';
import { credentialProblems } from './credentials.ts';
import { endpointProblems } from './endpoint.ts';
import { objectProblems } from './object-settings.ts';

type CredentialsGiven = Parameters<typeof credentialProblems>[0];
type ObjectsGiven = Parameters<typeof objectProblems>[0];

/** The properties that depend on each other. */
interface Given extends CredentialsGiven, ObjectsGiven {
  readonly bucket: string;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly format: string;
  readonly compression: string;
  readonly object_per_record?: boolean | undefined;
  readonly old_versions: string;
  readonly path_template: string;
}

/** All problems of a config whose properties each have the right type. */
export function configProblems(config: Given): ConfigProblem[] {
  return [
    ...bucketProblems(config),
    ...endpointProblems(config.endpoint, config.bucket),
    ...regionProblems(config),
    ...credentialProblems(config),
    ...objectProblems(config),
    ...compressionProblems(config),
    ...rowProblems(config),
  ];
}

/** Names that no server accepts, or that servers read differently. S3 itself decides whether a name is valid. */
function bucketProblems({ bucket, endpoint }: Given): ConfigProblem[] {
  const problem = (message: string) => [{ property: 'bucket', message }];
  const [, named] = /^(?:s3:\/\/|arn:[^:]*:s3:::)([^/]+)/.exec(bucket) ?? [];
  if (named !== undefined)
    return problem(`${JSON.stringify(bucket)} is not a bucket name. Set only the name: ${named}.`);
  if (bucket.startsWith('arn:')) {
    if (endpoint === undefined) return [];
    return problem('An ARN names a bucket of AWS, but endpoint leads to another server. Remove one of them.');
  }
  if (!/[/\s?#\p{Cc}]/u.test(bucket)) return [];
  return problem(
    `${JSON.stringify(bucket)} is not a valid bucket name. Set only the name here, and folders in prefix.`,
  );
}

function regionProblems({ region }: Given): ConfigProblem[] {
  if (region === undefined || /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(region)) return [];
  const message = `${JSON.stringify(region)} is not the code of a region. Set one such as eu-central-1, which is Europe (Frankfurt).`;
  return [{ property: 'region', message }];
}

function compressionProblems({ format, compression }: Given): ConfigProblem[] {
  if (format === 'parquet' || compression === 'none' || compression === 'gzip') return [];
  return [
    { property: 'compression', message: `${compression} is for parquet only. For ${format} choose none or gzip.` },
  ];
}

/** Settings that cannot be combined with one object per row, since each change writes the object again. */
function rowProblems({ object_per_record, compression, old_versions, path_template }: Given): ConfigProblem[] {
  if (!object_per_record) return [];
  const problem = (property: string, message: string) => ({ property, message });
  const isMoving = path_template.replace('{stream}', '').includes('{');
  return [
    ...(compression === 'none'
      ? []
      : [problem('compression', 'With object_per_record, objects are not compressed. Remove this setting.')]),
    ...(old_versions === 'keep'
      ? []
      : [problem('old_versions', 'With object_per_record, objects have no version. Set it to keep.')]),
    ...(isMoving
      ? [
          problem(
            'path_template',
            'With object_per_record, the path of a row must not depend on its values. Remove all placeholders but {stream}.',
          ),
        ]
      : []),
  ];
}
