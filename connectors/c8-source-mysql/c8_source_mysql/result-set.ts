import { invalidAnswer } from 'c8connector-sql';
import { type ColumnDefinition, columnDefinition } from './column-definition.ts';
import type { Driver, Packet } from './driver.ts';
import { fieldLength, fieldStart, nullByte } from './text-row.ts';

/** Takes the columns of the result, before its rows, and then each row. `start` and `end` are valid during the call only. */
export interface RowTaker {
  begin(columns: readonly ColumnDefinition[]): void;
  add(bytes: Uint8Array, start: number, end: number): void;
}

/** The answer to one query, packet by packet: a column count, definitions, EOF, rows, EOF. Anything else is an error. */
export interface ResultSet {
  /**
   * Takes a packet that is not an error of the server. Returns what it was: an answer `ok` has no rows.
   *
   * @throws {ConnectionError} `server_answer_invalid` for a packet that the protocol does not allow here.
   */
  take(packet: Packet): 'description' | 'row' | 'end' | 'ok';
}

const okPacket = 0x00;
const endPacket = 0xfe;
export const errorPacket = 0xff;
/** Asks the client for one of its files. */
const filePacket = 0xfb;
/** Bytes of the packet that ends columns or rows; a row that begins with the same byte is longer. */
const endSize = 5;
/** Another result follows. */
const moreResults = 8;
/** The most columns of a table, and of a view. */
const mostColumns = 4096;

/** `stream` is for errors. */
export function resultSet(
  rows: RowTaker,
  { isExtended, stream }: { readonly isExtended: boolean; readonly stream?: string | undefined },
): ResultSet {
  let step: 'header' | 'columns' | 'rows' = 'header';
  let expected = 0;
  const columns: ColumnDefinition[] = [];

  function takeHeader(packet: Packet): 'description' | 'ok' {
    const { buffer, offset } = packet;
    if (buffer[offset] === okPacket) return 'ok';
    if (buffer[offset] === filePacket) throw invalidAnswer('it asks for a file of this computer', { stream });
    expected = columnCount(packet);
    if (expected === 0) throw invalidAnswer('it does not begin with a number of columns', { stream });
    step = 'columns';
    return 'description';
  }

  function takeColumn(packet: Packet): 'description' {
    if (!isEnd(packet)) {
      if (columns.length === expected)
        throw invalidAnswer(`more than the ${expected} columns that it announced`, { stream });
      columns.push(columnDefinition(packet.buffer.subarray(packet.offset, packet.end), isExtended));
      return 'description';
    }
    if (columns.length !== expected)
      throw invalidAnswer(`${columns.length} columns came, but the server counted ${expected}`, { stream });
    rows.begin(columns);
    step = 'rows';
    return 'description';
  }

  return {
    take(packet) {
      if (packet.end <= packet.offset) throw invalidAnswer('an empty packet', { stream });
      if (step === 'header') return takeHeader(packet);
      if (step === 'columns') return takeColumn(packet);
      if (isEnd(packet)) {
        const status =
          (packet.buffer[packet.offset + 3] as number) | ((packet.buffer[packet.offset + 4] as number) << 8);
        if ((status & moreResults) !== 0) throw invalidAnswer('several results for one statement', { stream });
        return 'end';
      }
      rows.add(packet.buffer, packet.offset, packet.end);
      return 'row';
    },
  };
}

/** Bytes of an error without a message. */
const shortestError = 9;
/** Comes after the number of an error, and before its SQLSTATE. */
const stateMark = 0x23;

/** The error in a packet of the type {@link errorPacket}. Throws `server_answer_invalid` for one that is cut off. */
export function serverErrorOf(packet: Packet, driver: Driver): Error {
  const { buffer, offset, end } = packet;
  if (end - offset < shortestError || buffer[offset + 3] !== stateMark) throw invalidAnswer('an error that is cut off');
  return packet.asError(driver.clientEncoding);
}

function isEnd({ buffer, offset, end }: Packet): boolean {
  return buffer[offset] === endPacket && end - offset === endSize;
}

/** 0 for a packet that is not a valid count. */
function columnCount({ buffer, offset, end }: Packet): number {
  const first = buffer[offset] as number;
  const count = first < nullByte ? first : fieldLength(buffer, offset);
  const start = first < nullByte ? offset + 1 : fieldStart(buffer, offset);
  return start === end && count <= mostColumns ? count : 0;
}
