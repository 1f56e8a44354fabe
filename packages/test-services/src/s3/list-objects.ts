import type { Answer, Call } from './call.ts';
import { commonPrefix, compareKeys, keyEncoding, readMaximum, readToken, writeToken } from './listing.ts';
import { findBucket, type StoredObject } from './object-store.ts';
import { element, elements } from './xml.ts';

interface Page {
  readonly objects: readonly StoredObject[];
  readonly prefixes: readonly string[];
  /** The last key or prefix of a page that is followed by another. */
  readonly last: string | undefined;
}

export function listObjects({ store, request }: Call): Answer {
  const bucket = findBucket(store, request.bucket);
  const maximum = readMaximum(request, 'max-keys');
  const encode = keyEncoding(request);
  const prefix = request.query.get('prefix') ?? '';
  const delimiter = request.query.get('delimiter') ?? '';
  const token = request.query.get('continuation-token');
  const startAfter = request.query.get('start-after');
  const after = token === undefined ? (startAfter ?? '') : readToken(token);

  const matching = [...bucket.objects.values()]
    .filter((object) => object.key.startsWith(prefix) && isAfter(object.key, after, token !== undefined, delimiter))
    .sort((left, right) => compareKeys(left.key, right.key));
  const page = takePage(matching, prefix, delimiter, maximum);
  const owner = request.query.get('fetch-owner') === 'true' ? [element('ID', 'test-services')] : undefined;
  return {
    status: 200,
    body: element('ListBucketResult', [
      ...elements({
        Name: bucket.name,
        Prefix: encode(prefix),
        Delimiter: delimiter ? encode(delimiter) : undefined,
        MaxKeys: maximum,
        EncodingType: request.query.get('encoding-type') || undefined,
        KeyCount: page.objects.length + page.prefixes.length,
        IsTruncated: page.last !== undefined,
        ContinuationToken: token,
        NextContinuationToken: page.last === undefined ? undefined : writeToken(page.last),
        StartAfter: startAfter === undefined ? undefined : encode(startAfter),
      }),
      ...page.objects.map((object) => element('Contents', contents(object, encode, owner))),
      ...page.prefixes.map((common) => element('CommonPrefixes', [element('Prefix', encode(common))])),
    ]),
  };
}

/** A token that ended on a common prefix has dealt with all the keys under it. */
function isAfter(key: string, after: string, continued: boolean, delimiter: string): boolean {
  if (after === '') return true;
  if (continued && delimiter !== '' && after.endsWith(delimiter) && key.startsWith(after)) return false;
  return compareKeys(key, after) > 0;
}

function takePage(matching: readonly StoredObject[], prefix: string, delimiter: string, maximum: number): Page {
  const objects: StoredObject[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  for (const object of maximum === 0 ? [] : matching) {
    const common = commonPrefix(object.key, prefix, delimiter);
    if (common !== undefined && common === prefixes.at(-1)) continue;
    if (objects.length + prefixes.length === maximum) return { objects, prefixes, last };
    if (common === undefined) objects.push(object);
    else prefixes.push(common);
    last = common ?? object.key;
  }
  return { objects, prefixes, last: undefined };
}

function contents(
  object: StoredObject,
  encode: (key: string) => string,
  owner: ReturnType<typeof elements> | undefined,
) {
  return elements({
    Key: encode(object.key),
    LastModified: object.lastModified.toISOString(),
    ETag: object.etag,
    ChecksumAlgorithm: object.checksum?.algorithm,
    ChecksumType: object.checksum?.type,
    Size: object.size,
    Owner: owner,
    StorageClass: object.headers['x-amz-storage-class'] ?? 'STANDARD',
  });
}
