/** The types of events that are decoded, by their numbers in the log. */
export const eventTypes = {
  query: 2,
  rotate: 4,
  format: 15,
  xid: 16,
  executeLoadQuery: 18,
  tableMap: 19,
  writeRowsV1: 23,
  updateRowsV1: 24,
  deleteRowsV1: 25,
  incident: 26,
  heartbeat: 27,
  writeRows: 30,
  updateRows: 31,
  deleteRows: 32,
  gtid: 33,
  anonymousGtid: 34,
  xaPrepare: 38,
  partialUpdateRows: 39,
  transactionPayload: 40,
  heartbeatV2: 41,
  taggedGtid: 42,
  mariaDbGtid: 162,
  queryCompressed: 165,
  writeRowsCompressedV1: 166,
  updateRowsCompressedV1: 167,
  deleteRowsCompressedV1: 168,
  writeRowsCompressed: 169,
  updateRowsCompressed: 170,
  deleteRowsCompressed: 171,
} as const;

/**
 * Events that change no rows and that no reader needs: an unknown one, the end of a server, variables of the statement that follows, the parts of a file that LOAD DATA reads, texts of statements, sets of GTIDs, group replication, and of
 * MariaDB the text of a statement, a checkpoint, a list of GTIDs, and the beginning of encryption, which the server removes.
 */
export const ignoredTypes: ReadonlySet<number> = new Set([
  0, 3, 5, 9, 11, 13, 14, 17, 28, 29, 35, 36, 37, 160, 161, 163, 164,
]);

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(eventTypes).map(([name, type]) => [
    type,
    name.replace(/(?<=[a-z])[A-Z]|Gtid|Xa/g, (letter) => `_${letter}`).toUpperCase(),
  ]),
);

/** An event for messages, such as `TABLE_MAP (19)`. */
export function eventName(type: number): string {
  const name = names.get(type);
  return name === undefined ? `of type ${type}` : `${name} (${type})`;
}
