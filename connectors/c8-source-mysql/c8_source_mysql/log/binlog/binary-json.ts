/** Takes the parts of a JSON document in their order. */
export interface JsonSink {
  open(isObject: boolean): void;
  close(isObject: boolean): void;
  /** The name of the member whose value comes next, in UTF-8. */
  key(bytes: Uint8Array): void;
  /** A number, true, false or null, as its text. */
  literal(text: string): void;
  /** The content of a string in UTF-8. */
  string(bytes: Uint8Array): void;
  /** A value of a type of SQL that JSON does not have. */
  opaque(type: number, bytes: Uint8Array): void;
  double(value: number): void;
}

/** The types of values. A small object or array has offsets of 2 bytes, a large one of 4. */
const smallObject = 0x00;
const largeObject = 0x01;
const smallArray = 0x02;
const largeArray = 0x03;
const literalType = 0x04;
const int16 = 0x05;
const uint16 = 0x06;
const int32 = 0x07;
const uint32 = 0x08;
const int64 = 0x09;
const uint64 = 0x0a;
const doubleType = 0x0b;
const stringType = 0x0c;
const opaqueType = 0x0f;

const literals = ['null', 'true', 'false'];
/** The server nests at most 100. */
const largestDepth = 101;

/**
 * Reads a document of MySQL in its binary form, `bytes` from `start` to `end`. Throws a RangeError for a damaged one, also for one that contains the same part more than once, which could be endless.
 */
export function readJson(bytes: Uint8Array, start: number, end: number, sink: JsonSink): void {
  // An empty value comes from an INSERT IGNORE, and is shown as null.
  if (start === end) sink.literal('null');
  else new JsonReader(bytes, start, end, sink).read(bytes[start] as number, start + 1, 0);
}

class JsonReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  readonly #sink: JsonSink;
  /** How many bytes may still be read. */
  #left: number;

  constructor(bytes: Uint8Array, start: number, end: number, sink: JsonSink) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, end);
    this.#end = end;
    this.#sink = sink;
    // A value inside of its entry counts twice.
    this.#left = 2 * (end - start);
  }

  /** Reads the value of this type that begins at `at`. */
  read(type: number, at: number, depth: number): void {
    switch (type) {
      case smallObject:
      case largeObject:
      case smallArray:
      case largeArray:
        this.#container(type, at, depth);
        return;
      case doubleType:
        this.#sink.double(this.#view.getFloat64(this.#take(at, 8), true));
        return;
      case stringType: {
        const [from, length] = this.#length(at);
        this.#sink.string(this.#slice(from, length));
        return;
      }
      case opaqueType: {
        const opaque = this.#bytes[this.#take(at, 1)] as number;
        const [from, length] = this.#length(at + 1);
        this.#sink.opaque(opaque, this.#slice(from, length));
        return;
      }
      default:
        this.#sink.literal(this.#literal(type, at));
    }
  }

  #literal(type: number, at: number): string {
    const view = this.#view;
    switch (type) {
      case literalType: {
        const text = literals[this.#bytes[this.#take(at, 1)] as number];
        if (text === undefined) throw new RangeError('a document has an unknown literal');
        return text;
      }
      case int16:
        return String(view.getInt16(this.#take(at, 2), true));
      case uint16:
        return String(view.getUint16(this.#take(at, 2), true));
      case int32:
        return String(view.getInt32(this.#take(at, 4), true));
      case uint32:
        return String(view.getUint32(this.#take(at, 4), true));
      case int64:
        return String(view.getBigInt64(this.#take(at, 8), true));
      case uint64:
        return String(view.getBigUint64(this.#take(at, 8), true));
      default:
        throw new RangeError(`a document has a value of unknown type ${type}`);
    }
  }

  /** Reads an object or an array: a number of members, a size, for each key its offset and length, for each value its type and its offset or the value itself. */
  #container(type: number, at: number, depth: number): void {
    if (depth >= largestDepth) throw new RangeError('a document nests too much');
    const isObject = type === smallObject || type === largeObject;
    const width = type === smallObject || type === smallArray ? 2 : 4;
    const count = this.#offset(this.#take(at, 2 * width), width);
    const keys = at + 2 * width;
    const values = keys + (isObject ? count * (width + 2) : 0);
    this.#take(keys, values - keys + count * (width + 1));
    this.#sink.open(isObject);
    for (let index = 0; index < count; index++) {
      if (isObject) {
        const key = keys + index * (width + 2);
        const length = this.#view.getUint16(key + width, true);
        this.#sink.key(this.#slice(at + this.#offset(key, width), length));
      }
      const entry = values + index * (width + 1);
      const memberType = this.#bytes[entry] as number;
      const isInline = memberType >= literalType && memberType <= (width === 2 ? uint16 : uint32);
      this.read(memberType, isInline ? entry + 1 : at + this.#offset(entry + 1, width), depth + 1);
    }
    this.#sink.close(isObject);
  }

  #offset(at: number, width: number): number {
    return width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  /** A length of 7 bits in each byte, the lowest first; the highest bit says that another one follows. */
  #length(at: number): readonly [next: number, length: number] {
    let length = 0;
    for (let index = 0; index < 5; index++) {
      const byte = this.#bytes[this.#take(at + index, 1)] as number;
      length += (byte & 0x7f) * 2 ** (7 * index);
      if ((byte & 0x80) === 0) return [at + index + 1, length];
    }
    throw new RangeError('a document has a text without a length');
  }

  #slice(at: number, length: number): Uint8Array {
    return this.#bytes.subarray(this.#take(at, length), at + length);
  }

  /** Counts bytes as read, and returns where they begin. */
  #take(at: number, size: number): number {
    this.#left -= size;
    if (at + size > this.#end || this.#left < 0)
      throw new RangeError('a document refers to bytes that it does not have');
    return at;
  }
}
