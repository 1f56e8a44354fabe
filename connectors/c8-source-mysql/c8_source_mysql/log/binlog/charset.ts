import { type Decode, decoderOf } from './charset-decoder.ts';
import { swe7, upperHalves } from './charset-tables.ts';
import { makeRoom, type Put, putBytes } from './put.ts';

/** What writes a text of this character set in UTF-8, as the server converts it; undefined for an unknown one. */
export function charsetPut(charset: string): Put | undefined {
  if (/^(?:utf8|utf8mb3|utf8mb4|binary)$/.test(charset)) return putBytes;
  if (charset === 'ucs2') return putUcs2;
  const characters = singleByteCharacters(charset);
  if (characters !== undefined) return putSingleBytes(characters);
  const encoding = encodings[charset];
  return encoding === undefined ? undefined : putDecoded(decoderOf(charset, encoding));
}

/** A decoder of texts of this character set, as the server converts them; undefined for an unknown one. */
export function charsetDecoder(charset: string): Decode | undefined {
  const put = charsetPut(charset === 'ucs2' ? 'utf16' : charset);
  if (put === undefined) return undefined;
  const out = { bytes: new Uint8Array(256) };
  return (bytes) => {
    makeRoom(out, 0, bytes.length);
    const end = put(bytes, 0, bytes.length, out, 0);
    return Buffer.from(out.bytes.buffer, 0, end).toString();
  };
}

const encodings: Readonly<Record<string, string>> = {
  big5: 'big5',
  gbk: 'gbk',
  gb2312: 'gb2312',
  gb18030: 'gb18030',
  euckr: 'euckr',
  sjis: 'shiftjis',
  cp932: 'cp932',
  ujis: 'eucjp',
  eucjpms: 'eucjp',
  utf16: 'utf-16be',
  utf16le: 'utf-16le',
  utf32: 'utf-32be',
};

function singleByteCharacters(charset: string): readonly string[] | undefined {
  const ascii = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
  if (charset === 'swe7') return [...ascii.map((character) => swe7[character] ?? character), ...'?'.repeat(128)];
  const upper = charset === 'ascii' ? '?'.repeat(128) : upperHalves[charset];
  return upper === undefined ? undefined : [...ascii, ...upper];
}

/** The most bytes of a character of these sets in UTF-8. */
const largestCharacter = 3;

function putSingleBytes(characters: readonly string[]): Put {
  const lengths = Uint8Array.from(characters, (character) => Buffer.byteLength(character));
  const texts = new Uint8Array(largestCharacter * 256);
  for (const [byte, character] of characters.entries()) texts.set(Buffer.from(character), largestCharacter * byte);
  return (bytes, start, end, out, at) => {
    makeRoom(out, at, largestCharacter * (end - start));
    const to = out.bytes;
    let position = at;
    for (let from = start; from < end; from++) {
      const byte = bytes[from] as number;
      const text = largestCharacter * byte;
      const length = lengths[byte] as number;
      to[position++] = texts[text] as number;
      if (length > 1) to[position++] = texts[text + 1] as number;
      if (length > 2) to[position++] = texts[text + 2] as number;
    }
    return position;
  };
}

function putDecoded(decode: Decode): Put {
  return (bytes, start, end, out, at) => {
    const text = Buffer.from(decode(bytes.subarray(start, end)));
    makeRoom(out, at, text.length);
    return putBytes(text, 0, text.length, out, at);
  };
}

/** Writes each two bytes as a character, as the server sends them in a result: also the halves of surrogate pairs, which the converter joins or refuses. */
const putUcs2: Put = (bytes, start, end, out, at) => {
  makeRoom(out, at, largestCharacter * ((end - start) >> 1));
  const to = out.bytes;
  let position = at;
  for (let from = start; from + 1 < end; from += 2) {
    const code = ((bytes[from] as number) << 8) | (bytes[from + 1] as number);
    if (code < 0x80) to[position++] = code;
    else {
      if (code < 0x800) to[position++] = 0xc0 | (code >> 6);
      else {
        to[position++] = 0xe0 | (code >> 12);
        to[position++] = 0x80 | ((code >> 6) & 63);
      }
      to[position++] = 0x80 | (code & 63);
    }
  }
  return position;
};
