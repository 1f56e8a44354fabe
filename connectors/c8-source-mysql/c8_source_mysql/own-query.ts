import { invalidAnswer } from 'c8connector-sql';
import type { Connection as Client } from 'mysql2';
import type { ColumnDefinition } from './column-definition.ts';
import { type Command, type Driver, type Packet, sendQuery } from './driver.ts';
import { errorPacket, type ResultSet, type RowTaker, resultSet, serverErrorOf } from './result-set.ts';
import { fieldLength, fieldStart, nullByte } from './text-row.ts';

/**
 * The rows of a query that the source wrote itself, about the server's catalog or the session: integers as numbers where a double holds them, bytes as buffers, everything else as text. All such queries go
 * through this function.
 *
 * @throws {ConnectionError} `server_answer_invalid` for an answer that is not one of a single statement; other errors are those of mysql2.
 */
export async function ownQuery<Row>(
  client: Client,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { taker, rows } = collectRows();
  const ending = await answered(client, client.format(text, [...values]), taker);
  if (ending === 'ok') throw invalidAnswer('no rows for a query');
  return rows as readonly Row[];
}

/** Executes a statement without rows. Errors are those of {@link ownQuery}. */
export async function execute(client: Client, text: string): Promise<void> {
  const ending = await answered(client, text, collectRows().taker);
  if (ending !== 'ok') throw invalidAnswer('rows for a statement without any');
}

type Ending = 'end' | 'ok';

function answered(client: Client, text: string, taker: RowTaker): Promise<Ending> {
  return new Promise((resolve, reject) => {
    (client as Driver).addCommand(queryCommand(text, taker, { resolve, reject }));
  });
}

function queryCommand(
  text: string,
  taker: RowTaker,
  { resolve, reject }: { resolve(ending: Ending): void; reject(error: unknown): void },
): Command {
  let result: ResultSet | undefined;

  function take(packet: Packet | undefined, driver: Driver): boolean {
    if (packet === undefined || result === undefined) {
      if (packet !== undefined) throw invalidAnswer('an answer before the query');
      result = resultSet(taker, { isExtended: driver._mariadbExtendedMetadata });
      sendQuery(driver, text);
      return false;
    }
    if (packet.buffer[packet.offset] === errorPacket) {
      reject(serverErrorOf(packet, driver));
      return true;
    }
    const taken = result.take(packet);
    if (taken !== 'end' && taken !== 'ok') return false;
    resolve(taken);
    return true;
  }

  return {
    execute(packet, driver) {
      try {
        return take(packet, driver);
      } catch (error) {
        reject(error);
        // The rest of an invalid answer is not read.
        driver.stream.destroy();
        return false;
      }
    },
    onResult: reject,
  };
}

function collectRows(): { readonly taker: RowTaker; readonly rows: Record<string, unknown>[] } {
  const rows: Record<string, unknown>[] = [];
  let columns: readonly ColumnDefinition[] = [];
  const taker: RowTaker = {
    begin(found) {
      columns = found;
    },
    add(bytes, start, end) {
      const row: Record<string, unknown> = {};
      let at = start;
      for (const column of columns) {
        if (at < end && bytes[at] === nullByte) {
          row[column.name] = null;
          at += 1;
          continue;
        }
        const first = fieldStart(bytes, at);
        const next = first + fieldLength(bytes, at);
        // Also when the length is not a number.
        if (!(at < end && next <= end)) break;
        row[column.name] = fieldValue(column, Buffer.from(bytes.subarray(first, next)));
        at = next;
      }
      if (at !== end || Object.keys(row).length !== columns.length)
        throw invalidAnswer(`a row does not have exactly ${columns.length} fields`);
      rows.push(row);
    },
  };
  return { taker, rows };
}

/** Numbers of the types that are integers or doubles. */
const numericTypes = new Set([1, 2, 3, 4, 5, 8, 9, 13]);
/** Numbers of the types that are bytes when they have no charset: blobs, texts and bits. */
const binaryTypes = new Set([16, 249, 250, 251, 252, 253, 254]);
const withoutCharset = 63;

function fieldValue({ type, collation }: ColumnDefinition, bytes: Buffer): unknown {
  if (binaryTypes.has(type) && collation === withoutCharset) return bytes;
  const text = bytes.toString();
  if (!numericTypes.has(type)) return text;
  const value = Number(text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}
