/** What every host of C8 connectors needs and no connector does. It uses no terminal, no working folder and no signals: a {@link Host} provides what it needs. */
export {
  type Alert,
  type AlertEvent,
  type AlertInputs,
  alertEvents,
  parseAlerts,
  readAlerts,
} from './alerts/alert.ts';
export { type LoadedAlert, loadAlerts } from './alerts/load-alerts.ts';
export { type AlertedFailure, type AlertMemory, readAlertMemory, writeAlertMemory } from './alerts/memory.ts';
export { type AlertRequest, sendAlerts } from './alerts/send-alerts.ts';
export {
  type Connection,
  type ConnectionFile,
  type Endpoint,
  parseConnection,
  readConnection,
  replicationMethods,
  type StreamSelection,
  type TargetEndpoint,
} from './connection/connection.ts';
export { type Endpoints, loadEndpoints, loadSource, loadTarget, type RowAction } from './connection/endpoints.ts';
export { applySelection, refuseUnknownStreams } from './connection/stream-selection.ts';
export { type InstalledConnector, installedConnectors } from './connectors/installed.ts';
export { isConnectorPath, loadAllConnectors, loadConnector } from './connectors/load-connector.ts';
export { type DocumentFile, parseDocument, readDocument, type Values } from './document/document.ts';
export { formatCount, formatDuration } from './format.ts';
export { createSecretMask, type Host } from './host.ts';
export { type RecordedStream, type RunRecord, recordOf, writeRecord } from './run/record.ts';
export { type OpenState, type RunOptions, type RunOutcome, runConnection } from './run/run-connection.ts';
export { changeState, openStateFile, type StateChange } from './run/state.ts';
export type { StreamView } from './run/stream-view.ts';
export { type CurrentRun, createRunReducer, type RunFailure, type RunReducer, type RunView } from './run/view.ts';
export { resolveInput } from './values/action-input.ts';
export { resolveConfig } from './values/resolve-values.ts';
