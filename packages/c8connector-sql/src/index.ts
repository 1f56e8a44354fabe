/** What C8 sources of SQL databases share. */
export { growLines, type Lines, noLines, type PageMemory, type TakenLines, takeLines } from 'c8connector';
export { hostOf, type ServerAddress } from './address.ts';
export { type Anomalies, type AnomalyReport, anomalyReport } from './anomalies.ts';
export { findAddress, reachServer, tlsResult } from './check-network.ts';
export {
  addRowPage,
  type ColumnPages,
  columnPages,
  endColumnRow,
  makeRowRoom,
  takeColumnPage,
  takeColumnRest,
} from './column-page.ts';
export {
  heartbeatProperty,
  lostPositionProperty,
  partitionsProperty,
  replicationProperties,
  tlsProperties,
} from './config.ts';
export { convertJson, convertJsonText } from './convert-json.ts';
export { convertInteger, convertQuoted, isDigit } from './convert-number.ts';
export {
  type Convert,
  convertText,
  convertVerbatim,
  grown,
  putJsonNull,
  putText,
  type Shortcut,
  textOf,
} from './convert-text.ts';
export { decimalSchema } from './decimal-schema.ts';
export { copyLost, invalidAnswer, largestRow, nullOfNotNull, rowTooLarge, streamChanged } from './errors.ts';
export { type Finding, missedRowsResult } from './findings.ts';
export { beatRegularly, type Heartbeat } from './heartbeat.ts';
export { type Diversion, type Incoming, incomingOf, reusingSocket } from './incoming.ts';
export {
  endRow,
  type JsonPage,
  type JsonPages,
  jsonPages,
  makeRoom,
  putKey,
  takePage,
  takeRest,
} from './json-page.ts';
export {
  type ColumnComparison,
  type Comparison,
  compareColumns,
  type KeyDialect,
  type KeyValues,
  type MissingValues,
  type OrderedColumn,
} from './key.ts';
export { noticeWait } from './lock-notice.ts';
export {
  counted,
  listed,
  parseNames,
  refuseAmbiguous,
  streamId,
  type TableFilter,
  type TableName,
  unknownNames,
} from './names.ts';
export {
  connectionError,
  connectionLost,
  type DriverError,
  firstError,
  networkError,
  serverCode,
  tlsError,
  tlsMissing,
} from './network-errors.ts';
export { newRows, type ReplicationColumns } from './new-rows.ts';
export { onlyValue, schemaOfColumn } from './only-value.ts';
export { type FieldScan, fieldScanOf, type PlainPut, plainPutOf, putPlain } from './plain-column.ts';
export { type Lent, lendingPool, type Pool, type PoolDriver } from './pool.ts';
export { type KeyDecoder, type KeyFields, keepField, keepNull, withPositions } from './positions.ts';
export { rangeRows, rangesBetween } from './ranges.ts';
export { type Arriving, readPages } from './read-pages.ts';
export { type ReadableBy, replicationMethods } from './replication.ts';
export { refuseOtherOrder, resumable, type SortedRead, withOrder } from './resumable.ts';
export type { RowColumn, RowEncoder } from './row-encoder.ts';
export { type Rows, selectRows, type WantedRows } from './select-text.ts';
export { type Activity, type Watched, watchSilence } from './silence.ts';
export { connectByMode, type TlsRefusals, type TlsSettings } from './tls.ts';
export { type WrittenColumn, type WrittenColumns, writtenColumn, writtenColumns } from './written-columns.ts';
