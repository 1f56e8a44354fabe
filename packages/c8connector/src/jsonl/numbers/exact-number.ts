/**
 * Why a column of decimals cannot hold a text. `form`: it is not written as a number. `digits`: it has more digits than the precision allows. `scale`: a digit beyond the scale
 * is not 0.
 */
export type NumberProblem = 'form' | 'digits' | 'scale';

/** The result of reading one number. One object is used for all values: each read overwrites all of it. */
export interface ExactNumber {
  /** The number times 10^scale as four words of 32 bits in two's complement, the lowest first. The first two suffice for 18 digits, and for every number for which {@link fitsLong} is true. */
  readonly words: Int32Array;
  problem: NumberProblem | undefined;
}

/** A number to read values into. */
export function newExactNumber(): ExactNumber {
  return { words: new Int32Array(4), problem: undefined };
}

const meanings: Readonly<Record<NumberProblem, string>> = {
  form: 'it is not written as a number',
  digits: 'it has too many digits',
  scale: 'it has too many digits after the decimal point',
};

/** Describes a problem in a clause that can follow a colon. */
export function numberProblemText(problem: NumberProblem): string {
  return meanings[problem];
}

/** Whether the number is an integer of 64 bits: the first two words are all of it. */
export function fitsLong({ words }: ExactNumber): boolean {
  const sign = (words[1] as number) >> 31;
  return words[2] === sign && words[3] === sign;
}

/** Whether the number is an integer of 32 bits: the first word is all of it. */
export function fitsWord({ words }: ExactNumber): boolean {
  const sign = (words[0] as number) >> 31;
  return words[1] === sign && words[2] === sign && words[3] === sign;
}

/** The number times 10^scale. */
export function unscaledOf({ words }: ExactNumber): bigint {
  let value = BigInt(words[3] as number);
  for (let at = 2; at >= 0; at--) value = (value << 32n) | BigInt((words[at] as number) >>> 0);
  return value;
}

/** Writes the number times 10^scale as 16 bytes in two's complement, the highest first. */
export function writeLongDecimal({ words }: ExactNumber, out: Uint8Array, offset: number): void {
  for (let at = 0; at < 4; at++) {
    const word = words[3 - at] as number;
    const to = offset + 4 * at;
    out[to] = word >>> 24;
    out[to + 1] = word >>> 16;
    out[to + 2] = word >>> 8;
    out[to + 3] = word;
  }
}
