import type { Exactness } from '../interface/messages.ts';
import type { Value } from '../interface/value.ts';
import type { ColumnType } from './column-type.ts';
import { isExactText } from './column-type.ts';
import { isNumberText, numberOf, parseValue } from './values.ts';

/** Reads a valid JSON text without white space around it. */
export type ValueDecoder = (json: string) => Value;

/** How the values of a column are read from lines of the given exactness. */
export function valueDecoder(type: ColumnType, exact: Exactness): ValueDecoder {
  const isString = type.kind === 'numeric' && type.isString === true;
  if (!isExactText(type) || (exact === 'number' && !isString)) return decodeValue;
  return (json) => fromText(decodeValue(json), type);
}

function decodeValue(json: string): Value {
  switch (json.charCodeAt(0)) {
    case 0x22:
      return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1);
    case 0x6e:
      return null;
    case 0x74:
      return true;
    case 0x66:
      return false;
    case 0x7b:
    case 0x5b:
      return parseValue(json);
    default:
      return numberOf(json);
  }
}

function fromText(value: Value, type: ColumnType): Value {
  if (Array.isArray(value)) return value.map((item) => fromText(item, type.kind === 'list' ? type.items : type));
  if (typeof value !== 'string') return value;
  if (type.kind === 'list') return fromText(value, type.items);
  if (type.kind !== 'json') return isNumberText(value) ? numberOf(value) : value;
  try {
    return parseValue(value);
  } catch {
    return value;
  }
}
