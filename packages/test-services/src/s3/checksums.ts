import { createHash } from 'node:crypto';
import { crc32, crc32c, crc64nvme, type RunningChecksum } from './cyclic-redundancy.ts';

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';
/** COMPOSITE is the checksum of the parts' checksums, FULL_OBJECT that of the bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64, with `-2` after it for a composite of two parts. */
  readonly value: string;
  readonly type: ChecksumType;
}

const algorithms: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];

export function findAlgorithm(name: string): ChecksumAlgorithm | undefined {
  return algorithms.find((algorithm) => algorithm === name.toUpperCase());
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The algorithm of a header or trailer name such as `x-amz-checksum-crc32`. */
export function algorithmOfHeader(name: string): ChecksumAlgorithm | undefined {
  return algorithms.find((algorithm) => checksumHeader(algorithm) === name);
}

/** Bytes of a digest. */
export const checksumSize: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm === 'CRC64NVME') return crc64nvme();
  if (algorithm === 'CRC32C') return crc32c();
  if (algorithm === 'CRC32') return crc32();
  const hash = createHash(algorithm.toLowerCase());
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
}
