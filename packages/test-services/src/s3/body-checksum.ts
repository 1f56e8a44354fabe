import {
  algorithmOfHeader,
  type ChecksumAlgorithm,
  checksumHeader,
  checksumSize,
  findAlgorithm,
  startChecksum,
} from './checksums.ts';
import { malformedTrailer } from './chunked-body.ts';
import type { S3Request } from './request.ts';
import { invalidRequest, S3Error } from './s3-error.ts';

export interface BodyChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  /** Whether the client sent it; otherwise it is S3's own, CRC64NVME. */
  readonly sent: boolean;
}

export interface Expectation {
  update(chunk: Buffer): void;
  /** Compares with the header or, when it was announced there, with the trailer. */
  finish(trailers: ReadonlyMap<string, string>): BodyChecksum;
}

/** What the headers promise about the checksum of the body; refuses promises that contradict each other. */
export function expectedChecksum(request: S3Request): Expectation {
  const inHeaders = [...request.headers.keys()].flatMap((name) => algorithmOfHeader(name) ?? []);
  const trailer = request.headers.get('x-amz-trailer')?.trim().toLowerCase();
  const inTrailer = trailer === undefined ? undefined : algorithmOfHeader(trailer);
  if (trailer !== undefined && inTrailer === undefined) {
    throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
  }
  if (inHeaders.length + (inTrailer ? 1 : 0) > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const sent = inHeaders[0] ?? inTrailer;
  checkNamedAlgorithm(request, sent);
  const inHeader = inHeaders[0] === undefined ? undefined : request.headers.get(checksumHeader(inHeaders[0]));
  if (sent !== undefined && inHeader !== undefined) checkForm(sent, inHeader);

  const algorithm = sent ?? 'CRC64NVME';
  const running = startChecksum(algorithm);
  return {
    update: (chunk) => running.update(chunk),
    finish(trailers) {
      const value = running.digest();
      if (sent === undefined) return { algorithm, value, sent: false };
      const promised = inHeader ?? trailers.get(checksumHeader(sent));
      if (promised === undefined) throw malformedTrailer();
      checkForm(sent, promised);
      if (promised !== value) {
        throw new S3Error(400, 'BadDigest', `The ${sent} you specified did not match the calculated checksum.`);
      }
      return { algorithm, value, sent: true };
    },
  };
}

function checkNamedAlgorithm(request: S3Request, sent: ChecksumAlgorithm | undefined): void {
  const named = request.headers.get('x-amz-sdk-checksum-algorithm');
  if (named === undefined) return;
  if (findAlgorithm(named) === undefined) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  if (findAlgorithm(named) !== sent) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
}

function checkForm(algorithm: ChecksumAlgorithm, value: string): void {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== checksumSize[algorithm] || bytes.toString('base64') !== value) {
    throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
  }
}
