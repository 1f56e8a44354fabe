/** What every host of C8 connectors needs, and no connector does. */
export { alertEvents } from './alerts/alert.ts';
export { openAlerts } from './alerts/send-alerts.ts';
export { type Connection, readConnection, replicationMethods } from './connection/connection.ts';
export { type Ends, loadEnds } from './connection/endpoints.ts';
export { refuseUnknown } from './connection/stream-filter.ts';
export { selectWishes } from './connection/stream-selection.ts';
export { installedConnectors } from './connectors/installed.ts';
export { loadConnector } from './connectors/load-connector.ts';
export { typeName } from './connectors/type-name.ts';
export { isObject, readDocument } from './document/document.ts';
export { formatCount, formatDuration } from './format.ts';
export { createRecord } from './run/record.ts';
export { forgetBookmarks, nextActions, openState } from './run/state.ts';
export { resolveInput } from './values/action-input.ts';
export { resolveValues } from './values/resolve-values.ts';
export { checkColumns } from './values/row-action.ts';
