import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compositeCrc32, crc32Of, fullCrc32 } from '../c8_target_s3/checksum.ts';
import { isEtag, isMd5Of, isMd5OfParts } from '../c8_target_s3/proof.ts';

describe('An ETag', () => {
  it.each([
    '"1cb251ec0d568de6a929b520c4aed8d1"',
    '1cb251ec0d568de6a929b520c4aed8d1',
    '"1cb251ec0d568de6a929b520c4aed8d1-12"',
    '"-CKih16GjycICEAE="',
    '"9e107d9d372bb6826bd81d3542a419d6:1"',
  ])('of S3 and of compatible servers can be %s', (etag) => {
    expect(isEtag(etag)).toBe(true);
  });

  it.each([undefined, '', '""', 'W/"3b-18c"', 'w/"x"', '<html>', '"a b"', `"${'x'.repeat(300)}"`, '"a', 'a"'])(
    'is not %s',
    (etag) => {
      expect(isEtag(etag)).toBe(false);
    },
  );
});

describe('The CRC-32', () => {
  const partsOf = (bytes: Buffer, ...sizes: readonly number[]) => {
    let at = 0;
    return sizes.map((size) => {
      at += size;
      return { size, crc32: crc32Of(bytes.subarray(at - size, at)) };
    });
  };

  it('is written as S3 writes it', () => {
    // The check value of the CRC catalogue.
    expect(crc32Of(Buffer.from('123456789'))).toBe('y/Q5Jg==');
  });

  it('of an object in parts is that of their checksums', () => {
    // CRC-32 of the bytes cb f4 39 26.
    expect(compositeCrc32(partsOf(Buffer.from('123456789'), 9))).toBe('7kxlUA==-1');
  });

  it.each([[9], [4, 5], [1, 1, 7], [0, 9, 0], [1_000_000], [999_999, 1], [5_242_880, 5_242_880, 3]])(
    'of the whole follows from those of the parts: %j, %j',
    (...sizes) => {
      const bytes = randomBytes(sizes.reduce((sum, size) => sum + size, 0));
      expect(fullCrc32(partsOf(bytes, ...sizes))).toBe(crc32Of(bytes));
    },
  );
});

it('the MD5 is accepted as proof only if it is that of the bytes', () => {
  const etag = '"1cb251ec0d568de6a929b520c4aed8d1"';
  expect([isMd5Of(etag, Buffer.from('text')), isMd5Of(etag, Buffer.from('test'))]).toEqual([true, false]);
  const ofParts = '"7fd94ee5268c3254ade6cd2aaf23d3c7-1"';
  expect(isMd5OfParts(ofParts, ['"opaque"'])).toBe(false);
  expect(isMd5OfParts('"0cb251ec0d568de6a929b520c4aed8d1-1"', [etag])).toBe(false);
});
