import { invalidAnswer } from 'c8connector-sql';
import { fieldLength, fieldStart } from './text-row.ts';

/** A column of a result, as the server describes it. */
export interface ColumnDefinition {
  readonly name: string;
  /** The number of the type in the protocol: 3 for int, 253 for varchar; for enum and set, which arrive as char, their own. */
  readonly type: number;
  /** The name of a type or format that only MariaDB has, such as json, uuid and inet6; '' for any other, and undefined when the server does not send it. */
  readonly extension: string | undefined;
  /** The number of the collation; 63 for bytes, and for values without text. */
  readonly collation: number;
  /** The most bytes of a value. */
  readonly length: number;
  readonly isUnsigned: boolean;
  /** Digits after the point, or of a fraction of a second. */
  readonly decimals: number;
}

const unsignedFlag = 0x20;
const enumFlag = 0x100;
const setFlag = 0x800;
const enumType = 247;
const setType = 248;
/** Catalog, database, table and original table come before the name; the original name after it, and then the extended metadata. */
const nameText = 4;
const extensionText = 6;
/** Bytes of the part without texts, which begins with its length. */
const fixedSize = 13;

/** Reads the definition of a column; with the extended metadata of MariaDB, it has one more text. */
export function columnDefinition(packet: Uint8Array, isExtended: boolean): ColumnDefinition {
  const texts: Uint8Array[] = [];
  let at = 0;
  for (let text = 0; text < (isExtended ? 7 : 6); text++) {
    const start = fieldStart(packet, at);
    at = start + fieldLength(packet, at);
    texts.push(packet.subarray(start, at));
  }
  // Also when a length is not a number.
  if (!(packet.length - at >= fixedSize)) throw invalidAnswer('the definition of a column is cut off');
  const view = new DataView(packet.buffer, packet.byteOffset + at);
  const flags = view.getUint16(8, true);
  const type = (flags & enumFlag) !== 0 ? enumType : (flags & setFlag) !== 0 ? setType : view.getUint8(7);
  return {
    name: Buffer.from(texts[nameText] ?? []).toString(),
    extension: isExtended ? extensionOf(texts[extensionText] ?? new Uint8Array()) : undefined,
    collation: view.getUint16(1, true),
    length: view.getUint32(3, true),
    type,
    isUnsigned: (flags & unsignedFlag) !== 0,
    decimals: view.getUint8(10),
  };
}

/** The last of some texts, each with a byte for what it is, a type or a format, and one for its length. */
function extensionOf(metadata: Uint8Array): string {
  let name = '';
  for (let at = 0; at + 2 <= metadata.length; ) {
    const end = at + 2 + (metadata[at + 1] as number);
    name = Buffer.from(metadata.subarray(at + 2, end)).toString();
    at = end;
  }
  return name;
}
