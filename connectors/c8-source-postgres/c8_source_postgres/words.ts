/** Texts as 64-bit words, since a store of a word costs what a store of a byte costs. The last word of a text is filled up with zeros. */
export interface Words {
  /** The bits of eight bytes each. Never a NaN, which would lose bits: UTF-8 has no byte 0xff, and none of 0xf0 to 0xf4 before 0x7f. */
  readonly words: Float64Array;
  /** Place behind the last word of each text. */
  readonly ends: Int32Array;
  /** Bytes of each text. */
  readonly sizes: Int32Array;
}

/** The texts in this form. */
export function encodeWords(texts: readonly string[]): Words {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const words = encoded.map((bytes) => {
    const padded = new Uint8Array(8 * Math.ceil(bytes.length / 8));
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    return Array.from({ length: padded.length / 8 }, (_, index) => view.getFloat64(8 * index, true));
  });
  let end = 0;
  const endOf = ({ length }: readonly number[]) => {
    end += length;
    return end;
  };
  return {
    words: Float64Array.from(words.flat()),
    ends: Int32Array.from(words, endOf),
    sizes: Int32Array.from(encoded, ({ length }) => length),
  };
}
