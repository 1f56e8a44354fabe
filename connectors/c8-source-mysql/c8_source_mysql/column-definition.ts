import { invalidAnswer } from 'c8connector-sql';
import { fieldLength, fieldStart } from './text-row.ts';

/** A column of a result, as the server describes it. */
export interface ColumnDefinition {
  readonly name: string;
  /** The number of the type in the protocol: 3 for int, 253 for varchar. */
  readonly type: number;
  /** The number of the collation; 63 for bytes, and for values without text. */
  readonly collation: number;
  /** The most bytes of a value. */
  readonly length: number;
  readonly isUnsigned: boolean;
  /** Digits after the point, or of a fraction of a second. */
  readonly decimals: number;
}

const unsignedFlag = 32;
/** Catalog, database, table and table alias come before the name, and the original name after it. */
const beforeName = 4;
/** Bytes of the part without texts, which begins with its length. */
const fixedSize = 13;

/** Reads the definition of a column; with the extended metadata of MariaDB, it has one more text. */
export function columnDefinition(packet: Uint8Array, isExtended: boolean): ColumnDefinition {
  let at = 0;
  let name: Uint8Array = packet.subarray(0, 0);
  for (let text = 0; text < (isExtended ? 7 : 6); text++) {
    const start = fieldStart(packet, at);
    at = start + fieldLength(packet, at);
    if (text === beforeName) name = packet.subarray(start, at);
  }
  if (packet.length - at < fixedSize) throw invalidAnswer('the definition of a column is cut off');
  const view = new DataView(packet.buffer, packet.byteOffset + at);
  return {
    name: Buffer.from(name).toString(),
    collation: view.getUint16(1, true),
    length: view.getUint32(3, true),
    type: view.getUint8(7),
    isUnsigned: (view.getUint16(8, true) & unsignedFlag) !== 0,
    decimals: view.getUint8(10),
  };
}
