import { makeRoom, type Put, putBytes } from './put.ts';

/** Writes the label of an ENUM, whose number is 1 or 2 bytes; 0 is the empty text of an invalid value. */
export function putEnum(labels: readonly string[]): Put {
  const texts = labels.map((label) => Buffer.from(label));
  return (bytes, start, end, out, at) => {
    const number = (bytes[start] as number) | (end - start > 1 ? (bytes[start + 1] as number) << 8 : 0);
    if (number === 0) return at;
    const text = texts[number - 1];
    if (text === undefined) throw new RangeError(`an ENUM has the number ${number}, but ${texts.length} labels`);
    makeRoom(out, at, text.length);
    return putBytes(text, 0, text.length, out, at);
  };
}

const comma = 0x2c;

/** Writes the labels of a SET, which has a bit for each, with commas between them. */
export function putSet(labels: readonly string[]): Put {
  const texts = labels.map((label) => Buffer.from(label));
  return (bytes, start, end, out, at) => {
    let to = at;
    for (let bit = 0; bit < 8 * (end - start); bit++) {
      if (((bytes[start + (bit >> 3)] as number) & (1 << (bit & 7))) === 0) continue;
      const text = texts[bit];
      if (text === undefined) throw new RangeError(`a SET has the member ${bit + 1}, but ${texts.length} labels`);
      makeRoom(out, to, text.length + 1);
      if (to > at) out.bytes[to++] = comma;
      to = putBytes(text, 0, text.length, out, to);
    }
    return to;
  };
}
