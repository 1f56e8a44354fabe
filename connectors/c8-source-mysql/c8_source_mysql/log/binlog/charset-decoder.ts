import iconv from 'iconv-lite';
import { exceptions } from './charset-exceptions.ts';

/** Decodes the bytes of a text. */
export type Decode = (bytes: Uint8Array) => string;

/** A decoder of a character set of the server, which is `encoding` of the library except for some characters. */
export function decoderOf(charset: string, encoding: string): Decode {
  const plain: Decode = (bytes) => iconv.decode(bytes, encoding);
  const own = ownCharacters(charset);
  if (own.size === 0) return plain;
  const sizeOf = /^(?:sjis|cp932)$/.test(charset) ? sizeOfSjis : sizeOfOthers;
  return (bytes) => {
    let text = '';
    let from = 0;
    for (let at = 0; at < bytes.length; ) {
      const size = sizeOf(bytes, at);
      const character = size === 1 ? undefined : own.get(codeOf(bytes, at, size));
      if (character !== undefined) {
        text += plain(bytes.subarray(from, at)) + character;
        from = at + size;
      }
      at += size;
    }
    return text + plain(bytes.subarray(from));
  };
}

function codeOf(bytes: Uint8Array, at: number, size: number): number {
  let code = 0;
  for (let index = at; index < at + size && index < bytes.length; index++) code = code * 256 + (bytes[index] as number);
  return code;
}

/** How many bytes a character has. Half-width katakana have one. */
function sizeOfSjis(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number;
  return byte < 0x81 || (byte > 0x9f && byte < 0xe0) ? 1 : 2;
}

/** EUC has characters of three bytes, GB 18030 of four. */
function sizeOfOthers(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number;
  if (byte < 0x80) return 1;
  if (byte === 0x8f) return 3;
  const next = bytes[at + 1] ?? 0;
  return next >= 0x30 && next <= 0x39 ? 4 : 2;
}

/** The bytes that can follow the first one, or the second one of three. */
const trails: Readonly<Record<string, readonly (readonly [first: number, last: number])[]>> = {
  big5: [
    [0x40, 0x7e],
    [0xa1, 0xfe],
  ],
  cp932: [
    [0x40, 0x7e],
    [0x80, 0xfc],
  ],
  sjis: [
    [0x40, 0x7e],
    [0x80, 0xfc],
  ],
};
const usualTrails = [[0xa1, 0xfe]] as const;

/** The characters of this set that differ from the library, by their code. */
function ownCharacters(charset: string): ReadonlyMap<number, string> {
  const own = new Map<number, string>();
  const ranges = trails[charset] ?? usualTrails;
  for (const [first, text, from] of exceptions[charset] ?? []) {
    const characters =
      typeof text === 'string'
        ? [...text]
        : Array.from({ length: text }, (_, index) => String.fromCharCode((from ?? 0) + index));
    let code = first;
    for (const character of characters) {
      own.set(code, character);
      do code++;
      while (!ranges.some(([low, high]) => (code & 0xff) >= low && (code & 0xff) <= high));
    }
  }
  return own;
}
