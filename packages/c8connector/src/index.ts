/** The C8 connector interface, and all that a connector or a host needs to implement it. */
export { type About, about, aboutMarkdown } from './about.ts';
export { Batch, type BatchFacts } from './batch.ts';
export { configJsonSchema } from './config/json-schema.ts';
export { configMarkdown } from './config/markdown.ts';
export { createMask } from './config/mask.ts';
export { maskValue } from './config/mask-value.ts';
export { nearest } from './config/nearest.ts';
export { hasDefault, parseConfig } from './config/parse.ts';
export type { ConfigProblem } from './config/problem.ts';
export {
  type ConfigDeclaration,
  type ConfigOf,
  type ConfigProperty,
  type ConfigPropertyType,
  configPropertyTypes,
  type Exact,
  isSecretProperty,
  type PropertyDeclaration,
} from './config/property.ts';
export { Secret } from './config/secret.ts';
export { isConcealed, secretsOf } from './config/secrets-of.ts';
export { integerBounds, typedValue, wholePattern } from './config/value.ts';
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
  type ReadRequest,
  type Sample,
  type Schema,
  type SourceConnector,
  type TargetConnector,
  type TargetNeeds,
  type ValidationReport,
  type ValidationStep,
  type WriteRequest,
} from './connector.ts';
export type { CheckContext, Definition, Manifest } from './define.ts';
export {
  type ActionContext,
  type ActionDefinition,
  type AnyAction,
  defineAction,
  defineIntegration,
  type IntegrationDefinition,
} from './define-integration.ts';
export {
  type DiscoverContext,
  defineSource,
  type Page,
  type ReadContext,
  type SourceDefinition,
} from './define-source.ts';
export { defineTarget, type PartialNeeds, type TargetDefinition, type WriteContext } from './define-target.ts';
export { type ErrorClass, type ErrorCode, errorCodes } from './error-codes.ts';
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
} from './errors.ts';
export { findAction, inputSchema } from './integration/action.ts';
export { type ActionTargetOptions, actionTarget } from './integration/action-target.ts';
export type { Ledger, LedgerEntry, Rejection } from './integration/ledger.ts';
export { checkTemplate, render, type Template, templateNames } from './integration/template.ts';
export { type Log, silentLog } from './log.ts';
export type {
  ActivateVersionMessage,
  FlushMessage,
  SchemaMessage,
  SourceMessage,
  StateMessage,
  TargetMessage,
} from './messages.ts';
export { readConfig } from './program/files.ts';
export { createLog, warningOnce } from './program/log.ts';
export { type ByteStream, createOutput, type Output } from './program/output.ts';
export { runProgram } from './program/program.ts';
export { writeFromInput } from './program/write.ts';
export { c8ReservedKeys, reservedNames } from './reserved-keys.ts';
export { writeAcknowledged } from './runtime/acknowledge.ts';
export type { CheckResult, CheckStep } from './runtime/check.ts';
export { eventError } from './runtime/event-error.ts';
export type { EventError, PlannedStream, RunEvent, StreamSummary } from './runtime/events.ts';
export { openFileStateStore } from './runtime/file-state-store.ts';
export { flushBorders } from './runtime/flush-borders.ts';
export { limited } from './runtime/limited.ts';
export { type Plan, plan, type Unit } from './runtime/plan.ts';
export { type RunRequest, run } from './runtime/run.ts';
export { runUnit, type UnitRequest } from './runtime/run-unit.ts';
export { type ColumnSummary, compareColumns, type SchemaChange } from './runtime/schema-change.ts';
export type { Claim, StateStore } from './runtime/state-store.ts';
export { createStop, neverStop, type Stop } from './runtime/stop.ts';
export { writeFileAtomically } from './runtime/write-file.ts';
export { schemaOf } from './schema-of.ts';
export { type Catalog, type CatalogEntry, catalogOf, type MetadataEntry, parseCatalog } from './singer/catalog.ts';
export { type ColumnType, columnType, isExactText } from './singer/column-type.ts';
export { decodeMessages } from './singer/decode.ts';
export { encodeMessages } from './singer/encode.ts';
export type { Exactness } from './singer/lines.ts';
export { keyProperties, selectedColumns, selectedSchema, selectStreams, streamMetadata } from './singer/selection.ts';
export { type Bookmark, bookmarkOf, parseState, type State, withBookmark } from './singer/state.ts';
export { parseValue, stringifyValue } from './singer/values.ts';
export type { ReplicationMethod, Stream, StreamSchema, ValueSchema } from './stream.ts';
export { Decimal, type Row, type Value } from './value.ts';
