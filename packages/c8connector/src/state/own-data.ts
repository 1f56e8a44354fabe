import type { ConnectionState, OpenRun } from '../interface/progress.ts';
import { wrongInProgress } from '../replication/wrong-in-progress.ts';
import { isCount, isJsonObject } from '../singer/document.ts';
import type { ColumnSummary } from './schema-change.ts';

/** The format of the state file that this version writes, and the newest one that it reads. */
const stateFormat = 2;

/** Our own data in the state file, under `c8`, beside the Singer state. */
export interface OwnData extends Omit<ConnectionState, 'rest'> {
  readonly columns: Readonly<Record<string, ColumnSummary>>;
}

/** Makes the error from a description of the problem, which names the key, and from the fix when it is a special one. */
type Refuse = (reason: string, remedy?: string) => Error;

/** Reads what {@link writeOwnData} wrote. */
export function readOwnData(value: unknown, refuse: Refuse): OwnData {
  const damaged = (key: string): Error => refuse(`c8${key} is damaged`);
  if (!isJsonObject(value)) throw damaged('');
  const { format, ...own } = value;
  if (typeof format === 'number' && format > stateFormat)
    throw refuse(
      `c8.format is ${format}: a newer version wrote it, and this one reads formats up to ${stateFormat}`,
      'Update to the version that wrote it.',
    );
  if (format !== stateFormat) throw damaged('.format');
  const wrong = checks.find(([key, isRight]) => !isRight(own[key]))?.[0];
  if (wrong !== undefined) throw damaged(`.${wrong}`);
  const { streams, columns } = own as unknown as OwnData;
  for (const [stream, progress] of Object.entries(streams)) {
    const path = wrongInProgress(progress);
    if (path !== undefined) throw damaged(`.streams[${JSON.stringify(stream)}]${path}`);
  }
  for (const [stream, summary] of Object.entries(columns))
    if (!isColumns(summary)) throw damaged(`.columns[${JSON.stringify(stream)}]`);
  return own as unknown as OwnData;
}

/** Makes the data under `c8`. */
export function writeOwnData(
  { rest: _, streams, ...own }: ConnectionState,
  columns: ReadonlyMap<string, ColumnSummary>,
): { readonly format: number } & OwnData {
  return { format: stateFormat, ...own, streams, columns: Object.fromEntries(columns) };
}

/** Whether a value is a list of columns with their types. */
export function isColumns(value: unknown): value is ColumnSummary {
  return isJsonObject(value) && Object.values(value).every((type) => typeof type === 'string');
}

const checks: readonly (readonly [keyof OwnData, (value: unknown) => boolean])[] = [
  ['connection', (value) => typeof value === 'string' && value !== ''],
  ['generation', isCount],
  ['lastVersion', isCount],
  ['lastEpoch', isCount],
  ['place', (value) => value === undefined || typeof value === 'string'],
  ['run', (value) => value === undefined || isRun(value)],
  ['hasOwnState', (value) => value === undefined || value === true],
  ['streams', isJsonObject],
  ['columns', isJsonObject],
];

function isRun(value: unknown): value is OpenRun {
  if (!isJsonObject(value) || typeof value.id !== 'string') return false;
  const { refreshed = true } = value;
  return refreshed === true || (Array.isArray(refreshed) && refreshed.every((stream) => typeof stream === 'string'));
}
