import { skipSpace, skipValue } from '../scan.ts';
import { type ColumnBuilder, endList, putBytes, putFlag, putNull } from './column-builder.ts';
import { putDate, putTimestamp } from './put-moment.ts';
import { putDecimal, putFloat, putInt32, putInt64 } from './put-number.ts';
import { isString, putBase64, putString, unescaped } from './put-text.ts';

const letterN = 0x6e;
const letterT = 0x74;
const letterF = 0x66;
const openBracket = 0x5b;
const openBrace = 0x7b;
const closeBracket = 0x5d;
const comma = 0x2c;

/**
 * Adds the JSON value from `start` to before `end`, which is valid JSON without white space around it. Returns false if the column cannot hold the value exactly; the builder must not be
 * used afterwards. A number, a date or a flag may be a string.
 */
export function putJson(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] as number;
  if (first === letterN) {
    putNull(builder);
    return true;
  }
  const { kind, type } = builder;
  if (kind === 'list') return first === openBracket && putList(builder, bytes, start, end);
  const isText = kind === 'bytes' && type.kind !== 'binary';
  if (isText && (type.kind === 'json' || !isString(bytes, start))) {
    putBytes(builder, bytes, start, end);
    return true;
  }
  if (isText) return putString(builder, bytes, start, end);
  if (isString(bytes, start)) {
    const text = unescaped(bytes, start, end);
    return text !== undefined && putPlain(builder, text, 0, text.length);
  }
  // A list or an object has no plain text, and bytes are always a string.
  return type.kind !== 'binary' && !isStructure(first) && putPlain(builder, bytes, start, end);
}

function isStructure(first: number): boolean {
  return first === openBracket || first === openBrace;
}

function holdsStructures({ kind, type }: ColumnBuilder): boolean {
  return kind === 'list' || type.kind === 'json';
}

/** Adds a value from its text. */
function putPlain(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  switch (builder.type.kind) {
    case 'boolean':
      return putBoolean(builder, bytes, start, end);
    case 'integer':
      return builder.kind === 'int32' ? putInt32(builder, bytes, start, end) : putInt64(builder, bytes, start, end);
    case 'decimal':
      return putDecimal(builder, bytes, start, end);
    case 'real':
    case 'double':
      return putFloat(builder, bytes, start, end);
    case 'date':
      return putDate(builder, bytes, start, end);
    case 'timestamp':
    case 'timestamptz':
      return putTimestamp(builder, bytes, start, end);
    case 'binary':
      return putBase64(builder, bytes.subarray(start, end));
    default:
      return false;
  }
}

function putBoolean(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const isTrue = isWord(bytes, start, end, letterT, 'true');
  if (!isTrue && !isWord(bytes, start, end, letterF, 'false')) return false;
  putFlag(builder, isTrue);
  return true;
}

function isWord(bytes: Uint8Array, start: number, end: number, first: number, word: string): boolean {
  if (bytes[start] !== first || end - start !== word.length) return false;
  for (let index = 1; index < word.length; index++) if (bytes[start + index] !== word.charCodeAt(index)) return false;
  return true;
}

function putList(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const { items } = builder;
  if (items === undefined) return false;
  for (let at = skipSpace(bytes, start + 1, end); bytes[at] !== closeBracket; ) {
    const after = skipValue(bytes, at, end);
    // Without this, a list that is deeper than its column would be read as the text of an item.
    if (isStructure(bytes[at] as number) && !holdsStructures(items)) return false;
    if (!putJson(items, bytes, at, after)) return false;
    at = skipSpace(bytes, after, end);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1, end);
  }
  endList(builder);
  return true;
}
