/** What C8 sources of SQL databases share. */
export { addressText, hostOf, hostRemedy } from './address.ts';
export { type Anomalies, type AnomalyReport, anomalyReport } from './anomalies.ts';
export { convertJson, convertJsonText } from './convert-json.ts';
export { type Convert, convertText, convertVerbatim, grown, putJsonNull, putText, textOf } from './convert-text.ts';
export { copyLost, invalidAnswer, nullOfNotNull, streamChanged } from './errors.ts';
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
export { growLines, type Lines, noLines, type TakenLines, takeLines } from './lines.ts';
export { keepMemory, type PageMemory, releaseOf, takeMemory } from './page-memory.ts';
