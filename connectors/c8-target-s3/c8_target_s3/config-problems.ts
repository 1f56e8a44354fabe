import type { ConfigProblem } from 'c8connector';
import { endpointProblems } from './endpoint.ts';

/** The properties that must fit together. */
interface Given {
  readonly bucket: string;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly access_key?: unknown;
  readonly secret_access_key?: unknown;
  readonly format: string;
  readonly compression: string;
}

/** Everything that is wrong with a config whose properties are each of the right type. */
export function configProblems(config: Given): ConfigProblem[] {
  return [
    ...bucketProblems(config),
    ...endpointProblems(config.endpoint, config.bucket),
    ...regionProblems(config),
    ...keyProblems(config),
    ...compressionProblems(config),
  ];
}

/** What no server would understand, or each in its own way. Whether S3 takes a name is for S3 to say. */
function bucketProblems({ bucket, endpoint }: Given): ConfigProblem[] {
  const problem = (message: string) => [{ property: 'bucket', message }];
  const [, named] = /^(?:s3:\/\/|arn:[^:]*:s3:::)([^/]+)/.exec(bucket) ?? [];
  if (named !== undefined) return problem(`${JSON.stringify(bucket)} is an address. Give the name alone: ${named}.`);
  if (bucket.startsWith('arn:')) {
    if (endpoint === undefined) return [];
    return problem('An ARN names a bucket of AWS, and endpoint leads to another server. Leave one of them out.');
  }
  if (!/[/\s?#\p{Cc}]/u.test(bucket)) return [];
  return problem(`No bucket can be called ${JSON.stringify(bucket)}. Give the name alone, and folders in prefix.`);
}

function regionProblems({ region }: Given): ConfigProblem[] {
  if (region === undefined || /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(region)) return [];
  const message = `${JSON.stringify(region)} is not the code of a region. Give one such as eu-central-1, which is Europe (Frankfurt).`;
  return [{ property: 'region', message }];
}

function keyProblems({ access_key, secret_access_key }: Given): ConfigProblem[] {
  if ((access_key === undefined) === (secret_access_key === undefined)) return [];
  const [missing, given] =
    access_key === undefined ? ['access_key', 'secret_access_key'] : ['secret_access_key', 'access_key'];
  return [{ property: missing, message: `It is missing, while ${given} is given. Give both, or neither of them.` }];
}

function compressionProblems({ format, compression }: Given): ConfigProblem[] {
  if (format === 'parquet' || compression === 'none' || compression === 'gzip') return [];
  return [
    { property: 'compression', message: `${compression} is for parquet only. For ${format} choose none or gzip.` },
  ];
}
