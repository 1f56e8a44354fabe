/** The C8 connector interface, and all that a connector or a host needs to implement it. */
export { type About, about, aboutMarkdown } from './config/about.ts';
export { configJsonSchema } from './config/json-schema.ts';
export { configMarkdown } from './config/markdown.ts';
export { createMask } from './config/mask.ts';
export { maskValue } from './config/mask-value.ts';
export { nearest } from './config/nearest.ts';
export { hasDefault, parseConfig } from './config/parse.ts';
export {
  type ConfigDeclaration,
  type ConfigOf,
  type Exact,
  isSecretProperty,
  type PropertyDeclaration,
} from './config/property.ts';
export { Secret } from './config/secret.ts';
export { isConcealed, secretsOf } from './config/secrets-of.ts';
export { integerBounds, typedValue, wholePattern } from './config/value.ts';
export { visible } from './config/visible.ts';
export { type TimedIterator, timedIterator, type WaitLimits, waitFor } from './deadline.ts';
export type { CheckResult, CheckStep } from './definition/check.ts';
export type { CheckContext, Definition, Manifest } from './definition/definition.ts';
export { findAction, inputSchema } from './integration/action.ts';
export { type ActionTargetOptions, actionTarget } from './integration/action-target.ts';
export {
  type ActionContext,
  type ActionDefinition,
  type AnyAction,
  defineAction,
  defineIntegration,
  type IntegrationDefinition,
} from './integration/define-integration.ts';
export { checkInput, checkInputColumns } from './integration/input.ts';
export { type RowIdentity, rowIdentity } from './integration/row-identity.ts';
export { checkTemplate, render, type Template, templateNames } from './integration/template.ts';
export type { Catalog, CatalogEntry, MetadataEntry } from './interface/catalog.ts';
export type { ColumnValues, SubMicroseconds } from './interface/columns.ts';
export {
  type Action,
  type AttributeType,
  type C8Connector,
  type CallOptions,
  type Capability,
  type ConnectorType,
  type FlushLimits,
  type IntegrationConnector,
  isC8Connector,
  isIntegration,
  isSource,
  isTarget,
  type ObjectsOptions,
  type ReadRequest,
  type RunIdentity,
  type Sample,
  type Schema,
  type SourceConnector,
  type StoredObject,
  type TargetConnector,
  type TargetNeeds,
  type ValidationReport,
  type ValidationStep,
  type WriteRequest,
} from './interface/connector.ts';
export { type ErrorClass, type ErrorCode, errorCodes } from './interface/error-codes.ts';
export type { ConfigProblem } from './interface/errors.ts';
export {
  C8Error,
  ConfigError,
  ConnectionError,
  ConnectorError,
  DataError,
  type ErrorOptions,
  isC8Error,
  ProtocolError,
  ValidationError,
} from './interface/errors.ts';
export type { Ledger, LedgerEntry, Rejection } from './interface/ledger.ts';
export { type Log, silentLog } from './interface/log.ts';
export type {
  ActivateVersionMessage,
  Exactness,
  Face,
  FlushMessage,
  Lag,
  RecordsMessage,
  SchemaMessage,
  SourceMessage,
  StateMessage,
  TargetMessage,
} from './interface/messages.ts';
export type {
  ConnectionState,
  Json,
  OpenRun,
  Partition,
  Patch,
  Progress,
  RangeProgress,
  Replication,
  SessionPartitions,
  Unit,
  UnitState,
  Until,
} from './interface/progress.ts';
export { type ConfigProperty, type ConfigPropertyType, configPropertyTypes } from './interface/property.ts';
export type {
  FollowRequest,
  OpenRequest,
  OpenStream,
  SourceLog,
  SourceSession,
  UnitReadRequest,
} from './interface/source-session.ts';
export type { Slot, SlotOptions, SourceSlot } from './interface/source-slot.ts';
export type { Bookmark, State } from './interface/state.ts';
export type { ReplicationMethod, Stream, StreamSchema, ValueSchema } from './interface/stream.ts';
export { Decimal, type Row, type Value } from './interface/value.ts';
export { Batch, type BatchHeader } from './jsonl/batch.ts';
export { type ColumnType, columnType, isExactText } from './jsonl/column-type.ts';
export {
  builtColumn,
  type ColumnBuilder,
  columnBuilder,
  columnBuilderOver,
  endBytes,
  endList,
  putBytes,
  putDouble,
  putFlag,
  putNull,
  putWord,
  putWords,
  reserveBytes,
  reserveRows,
} from './jsonl/columns/column-builder.ts';
export { layoutOf } from './jsonl/columns/layout.ts';
export { type Misfit, misfitError } from './jsonl/columns/misfit.ts';
export { putJson } from './jsonl/columns/put-json.ts';
export { dateAt, noDate, putDate, putTimestamp } from './jsonl/columns/put-moment.ts';
export { putDecimal, putInt32, putInt64, putParts } from './jsonl/columns/put-number.ts';
export { unescaped } from './jsonl/columns/put-text.ts';
export { rowsOfColumns } from './jsonl/columns/rows-of-columns.ts';
export { eachRecord } from './jsonl/lines.ts';
export { growLines, type Lines, noLines, type TakenLines, takeLines } from './jsonl/page-lines.ts';
export { keepMemory, type PageMemory, releaseOf, takeMemory } from './jsonl/page-memory.ts';
export { exactSchema } from './jsonl/plain-schema.ts';
export { type RecordReader, recordReader } from './jsonl/record-reader.ts';
export { c8ReservedKeys, reservedNames } from './jsonl/reserved-keys.ts';
export { skipValue } from './jsonl/scan.ts';
export { parseValue, stringifyValue } from './jsonl/values.ts';
export { readConfig } from './program/files.ts';
export { createLog, stderrOf, warningOnce } from './program/log.ts';
export { type ByteStream, createOutput, type Output } from './program/output.ts';
export { runProgram } from './program/program.ts';
export type { WriteStderr } from './program/stderr.ts';
export { parseUntil } from './program/until.ts';
export { writeFromInput } from './program/write.ts';
export { type BeginRunRequest, type BegunRun, beginRun, finishRun } from './run/begin-run.ts';
export { type EventError, eventError } from './run/event-error.ts';
export {
  type EventBody,
  type EventHeader,
  numberEvents,
  type PlannedStream,
  type PlannedUnit,
  type RunEvent,
  type StreamEvent,
  type StreamPhase,
} from './run/events.ts';
export { forgetStreams } from './run/forget-streams.ts';
export { plannedStreams, streamUnits } from './run/plan.ts';
export { type RunRequest, run } from './run/run.ts';
export type { RunContext, UnitRequest } from './run/run-context.ts';
export { runUnit } from './run/run-unit.ts';
export { createStop, neverStop, type Stop } from './run/stop.ts';
export type {
  StreamCounts,
  StreamSummary,
  UnitFailure,
  UnitStreamSummary,
  UnitSummary,
} from './run/summaries.ts';
export { type RunSummary, summarizeRun } from './run/summarize-run.ts';
export { catalogOf, exactCatalog, parseCatalog } from './singer/catalog.ts';
export { decodeMessages } from './singer/decode.ts';
export { encodeMessages } from './singer/encode.ts';
export { keyProperties, selectedColumns, selectedSchema, selectStreams, streamMetadata } from './singer/selection.ts';
export { bookmarkOf, parseState, type ReadState, readSingerState, singerState, withBookmark } from './singer/state.ts';
export { defineSource } from './source/define-source.ts';
export { schemaOf } from './source/schema-of.ts';
export type {
  DiscoverContext,
  HighestContext,
  LogBeginContext,
  LogDefinition,
  LoggedStream,
  LogPage,
  LogReadContext,
  OpenContext,
  Page,
  PartitionContext,
  ReadContext,
  SlotContext,
  SlotDefinition,
  SourceDefinition,
} from './source/source-definition.ts';
export { type ColumnStore, openMemoryColumns } from './state/column-store.ts';
export { connectionStore, type Keeping } from './state/connection-store.ts';
export type { DeliveryLog } from './state/delivery-log.ts';
export { type FileState, type FileStateOptions, openFileState, readFileState } from './state/file-state-store.ts';
export { processNamespace } from './state/holder.ts';
export type { LockOptions } from './state/lock-file.ts';
export { openMemoryDeliveries } from './state/memory-delivery-log.ts';
export { openMemoryStateStore } from './state/memory-state-store.ts';
export { type ColumnSummary, compareColumns, type SchemaChange } from './state/schema-change.ts';
export type { BeginRequest, Begun, Claim, StateStore } from './state/state-store.ts';
export { writeFileAtomically } from './state/write-file.ts';
export { writeAcknowledged } from './target/acknowledge.ts';
export { checkpoints } from './target/checkpoints.ts';
export {
  defineTarget,
  type ObjectsContext,
  type PartialNeeds,
  type TargetDefinition,
  type WriteContext,
} from './target/define-target.ts';
