/** Where the values of one row are in a message. Reused for each row, so that none needs an object. */
export interface Tuple {
  count: number;
  /** The letter of pgoutput for each value. */
  kinds: Uint8Array;
  /** Where the text of each value begins and ends, the end excluded. */
  starts: Int32Array;
  ends: Int32Array;
}

/** Letters of values: n for null, u for a large value that did not change, t for text. */
export const nullKind = 0x6e;
export const unchangedKind = 0x75;
const textKind = 0x74;

/** A tuple without values. */
export function emptyTuple(): Tuple {
  return { count: 0, kinds: new Uint8Array(16), starts: new Int32Array(16), ends: new Int32Array(16) };
}

/** Reads the row that begins at `at` (TupleData of the logical replication protocol), and returns the position after it. Throws a RangeError if the message is truncated or has a value of another kind. */
export function readTuple(body: Buffer, at: number, tuple: Tuple): number {
  const count = ((body[at] as number) << 8) | (body[at + 1] as number);
  if (count > tuple.kinds.length) {
    tuple.kinds = new Uint8Array(2 * count);
    tuple.starts = new Int32Array(2 * count);
    tuple.ends = new Int32Array(2 * count);
  }
  tuple.count = count;
  let position = at + 2;
  for (let index = 0; index < count; index += 1) {
    const kind = body[position++] as number;
    tuple.kinds[index] = kind;
    if (kind === textKind) {
      const start = position + 4;
      const end = start + lengthAt(body, position);
      tuple.starts[index] = start;
      tuple.ends[index] = end;
      position = end;
    } else if (kind !== nullKind && kind !== unchangedKind) throw new RangeError(`a value of unknown kind ${kind}`);
  }
  if (position > body.length) throw new RangeError('a row extends beyond its message');
  return position;
}

/** Reads an unsigned length, so that no value can end before it begins. */
function lengthAt(body: Buffer, at: number): number {
  const high = ((body[at] as number) << 8) | (body[at + 1] as number);
  return high * 65536 + (((body[at + 2] as number) << 8) | (body[at + 3] as number));
}
