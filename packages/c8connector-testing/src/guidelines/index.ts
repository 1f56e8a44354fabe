/** The rules for the package of a connector: its names, its layout, its dependencies. */

export { type ConnectorNames, connectorNames } from '../connector-names.ts';
export { type CheckOptions, checkGuidelines, type GuidelineFinding } from './check-guidelines.ts';
export { withConfigTable } from './config-table.ts';
export type { Guideline } from './guideline.ts';
export { guidelines } from './guidelines.ts';
export { renewGenerated } from './renew-generated.ts';
