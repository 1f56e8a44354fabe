import { type ByteBuffer, writeByte, writeBytes, writeVarint } from '../byte-buffer.ts';

/** A value of Thrift's compact protocol. Integers are never negative in Parquet's headers. */
export type ThriftValue =
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'byte' | 'i32' | 'i64'; readonly value: number }
  | { readonly type: 'binary'; readonly value: Uint8Array }
  | { readonly type: 'list'; readonly of: keyof typeof typeNumbers; readonly values: readonly ThriftValue[] }
  | { readonly type: 'struct'; readonly fields: readonly ThriftField[] }
  /** Structs that are already encoded, as the elements of a list. */
  | { readonly type: 'structs'; readonly count: number; readonly bytes: Uint8Array };

/** Number and value of a field; a field without a value is not written. From one field to the next, numbers rise by at most 15. */
export type ThriftField = readonly [number: number, value: ThriftValue | undefined];

const typeNumbers = { byte: 3, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

const encoder = new TextEncoder();

export const i32 = (value: number): ThriftValue => ({ type: 'i32', value });
export const i64 = (value: number): ThriftValue => ({ type: 'i64', value });
export const binary = (value: Uint8Array): ThriftValue => ({ type: 'binary', value });
export const text = (value: string): ThriftValue => ({ type: 'binary', value: encoder.encode(value) });
export const boolean = (value: boolean): ThriftValue => ({ type: 'boolean', value });
export const struct = (...fields: readonly ThriftField[]): ThriftValue => ({ type: 'struct', fields });

export function list(of: keyof typeof typeNumbers, values: readonly ThriftValue[]): ThriftValue {
  return { type: 'list', of, values };
}

/** Writes a value without the header of a field. */
export function writeThrift(out: ByteBuffer, value: ThriftValue): void {
  switch (value.type) {
    case 'boolean':
      writeByte(out, value.value ? 1 : 2);
      break;
    case 'byte':
      writeByte(out, value.value);
      break;
    case 'i32':
    case 'i64':
      // Zigzag of a number that is not negative is twice that number.
      writeVarint(out, value.value * 2);
      break;
    case 'binary':
      writeVarint(out, value.value.length);
      writeBytes(out, value.value);
      break;
    case 'list':
      writeListHeader(out, typeNumbers[value.of], value.values.length);
      for (const element of value.values) writeThrift(out, element);
      break;
    case 'structs':
      writeListHeader(out, typeNumbers.struct, value.count);
      writeBytes(out, value.bytes);
      break;
    case 'struct':
      writeStruct(out, value.fields);
      break;
  }
}

function writeStruct(out: ByteBuffer, fields: readonly ThriftField[]): void {
  let last = 0;
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    writeByte(out, ((number - last) << 4) | fieldType(value));
    // The header of a boolean field is its value.
    if (value.type !== 'boolean') writeThrift(out, value);
    last = number;
  }
  writeByte(out, 0);
}

function fieldType(value: ThriftValue): number {
  if (value.type === 'boolean') return value.value ? 1 : 2;
  return typeNumbers[value.type === 'structs' ? 'list' : value.type];
}

function writeListHeader(out: ByteBuffer, type: number, count: number): void {
  if (count < 15) {
    writeByte(out, (count << 4) | type);
    return;
  }
  writeByte(out, 0xf0 | type);
  writeVarint(out, count);
}
