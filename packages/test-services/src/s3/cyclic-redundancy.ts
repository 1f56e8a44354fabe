import * as zlib from 'node:zlib';

/** A checksum of bytes that come one chunk after the other. */
export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  /** Base64; call it once. */
  digest(): string;
}

/** The CRC-32 of zlib, which does it in C. */
export function crc32(): RunningChecksum {
  let value = 0;
  return {
    update(chunk) {
      value = zlib.crc32(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

/** CRC-32C (Castagnoli), reflected polynomial 0x82F63B78. */
export function crc32c(): RunningChecksum {
  const table = Int32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    return value;
  });
  let value = -1;
  return {
    update(chunk) {
      for (let index = 0; index < chunk.length; index += 1) {
        value = (value >>> 8) ^ at(table, (value ^ at(chunk, index)) & 0xff);
      }
    },
    digest: () => base64(~value),
  };
}

/** CRC-64/NVME, reflected polynomial 0x9A6C9329AC4BC9B5, in two halves because BigInt is a hundred times slower. */
export function crc64nvme(): RunningChecksum {
  const highTable = new Int32Array(256);
  const lowTable = new Int32Array(256);
  for (let index = 0; index < 256; index += 1) {
    let high = 0;
    let low = index;
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry) {
        high ^= 0x9a6c9329;
        low ^= 0xac4bc9b5;
      }
    }
    highTable[index] = high;
    lowTable[index] = low;
  }
  let high = -1;
  let low = -1;
  return {
    update(chunk) {
      for (let index = 0; index < chunk.length; index += 1) {
        const entry = (low ^ at(chunk, index)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ at(lowTable, entry);
        high = (high >>> 8) ^ at(highTable, entry);
      }
    },
    digest: () => base64(~high, ~low),
  };
}

/** Reading inside the bounds: the loops above never leave them. */
function at(values: Int32Array | Uint8Array, index: number): number {
  return values[index] as number;
}

function base64(...words: number[]): string {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeInt32BE(word, index * 4);
  return bytes.toString('base64');
}
