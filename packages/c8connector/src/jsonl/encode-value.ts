import type { Exactness } from '../interface/messages.ts';
import { Decimal } from '../interface/value.ts';
import type { ColumnType } from './column-type.ts';
import { isExactText } from './column-type.ts';
import { isNumberText } from './values.ts';

/** Writes one value as JSON text. */
export type ValueEncoder = (value: unknown) => string;

/** How the values of a column are written in lines of the given exactness. */
export function valueEncoder(type: ColumnType, exact: Exactness): ValueEncoder {
  if (!isExactText(type)) return encodeValue;
  if (type.kind === 'list') {
    const item = valueEncoder(type.items, exact);
    return (value) => (Array.isArray(value) ? `[${value.map(item).join(',')}]` : item(value));
  }
  if (type.kind === 'json') return exact === 'text' ? encodeJsonText : encodeValue;
  return exact === 'text' || (type.kind === 'numeric' && type.isString === true) ? encodeQuotedNumber : encodeNumber;
}

/**
 * Any value as compact JSON. Values that JSON does not have: a Date becomes its ISO text, bytes become base64, NaN, the infinities, undefined and functions become
 * null, and half a surrogate pair becomes U+FFFD.
 */
export function encodeValue(value: unknown): string {
  if (typeof value === 'string') return encodeText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'object') return value === null ? 'null' : encodeObject(value);
  return typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : 'null';
}

function encodeObject(value: object): string {
  if (value instanceof Decimal) return isNumberText(value.text) ? value.text : encodeText(value.text);
  if (Array.isArray(value)) return `[${value.map(encodeValue).join(',')}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : `"${value.toISOString()}"`;
  if (value instanceof Uint8Array) {
    return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`;
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return encodeValue(value.toJSON());
  let text = '';
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) text += `${text === '' ? '' : ','}${encodeText(key)}:${encodeValue(member)}`;
  }
  return `{${text}}`;
}

/** Quote, backslash, control characters and halves of surrogate pairs. */
const escaped = /["\\\p{Cc}\p{Cs}]/u;

function encodeText(text: string): string {
  if (!escaped.test(text)) return `"${text}"`;
  // JSON.stringify would write half a pair as an escape, which other JSON readers refuse
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** A decimal column: a text that is a number is written as that number, since some drivers return decimals as text. */
function encodeNumber(value: unknown): string {
  return typeof value === 'string' && isNumberText(value) ? value : encodeValue(value);
}

function encodeQuotedNumber(value: unknown): string {
  const text = Array.isArray(value) ? `[${value.map(encodeQuotedNumber).join(',')}]` : encodeValue(value);
  return isNumberText(text) ? `"${text}"` : text;
}

function encodeJsonText(value: unknown): string {
  const text = encodeValue(value);
  return text === 'null' ? text : encodeText(text);
}
