import { basename, dirname, resolve } from 'node:path';
import type { ReplicationMethod } from 'c8connector';
import {
  checkKeys,
  documentError,
  isGiven,
  type Problems,
  readProperties,
  readText,
  refuseProblems,
} from '../document/checks.ts';
import { type DocumentFile, isObject, readDocument, type Values } from '../document/document.ts';

/** A connector and its config, whose `{ $env }` and `{ $file }` are not resolved yet. */
export interface Endpoint {
  /** Name of a package, or a `./path`. */
  readonly connector: string;
  /** {} when there is none. */
  readonly config: Values;
}

/** Where the rows go: into a target, or each into an action of an integration. */
export interface TargetEndpoint extends Endpoint {
  /** Name of the action; only for an integration. */
  readonly action?: string;
  /** Input of the action, with `{{column}}` in its texts; the row itself when left out. Not resolved yet, like the config. */
  readonly input?: Values;
}

/** How a stream is read, or all streams that match a pattern with `*`. */
export interface StreamSelection {
  /** Its name, or a pattern in which `*` stands for any characters. */
  readonly stream: string;
  /** The source's choice when left out. */
  readonly replicationMethod?: ReplicationMethod;
  /** The column that shows which rows are new, for a method that uses one. When left out, the only one that the source offers. */
  readonly replicationKey?: string;
  /** All columns when left out. */
  readonly columns?: readonly string[];
}

/** What is copied, and where to, as plain data. */
export interface Connection {
  /** The name of the connection in records and alerts. */
  readonly name: string;
  /** The folder that `./paths` and `{ $file }` are relative to, as an absolute path. A connection without one reads no file. */
  readonly folder?: string;
  readonly source: Endpoint;
  readonly target: TargetEndpoint;
  /** All streams when left out. */
  readonly streams?: readonly StreamSelection[];
  /** How many streams, or parts of them, are copied at once; 1 when left out. */
  readonly concurrency?: number;
  /** Path of the state file; an absolute path when there is a folder. A host may keep the state elsewhere. */
  readonly state?: string;
}

/** A connection from a file. */
export interface ConnectionFile extends Connection {
  /** Absolute path of the file. */
  readonly file: string;
  readonly folder: string;
  readonly state: string;
}

/** The replication methods that a connection can ask for. */
export const replicationMethods = ['FULL_TABLE', 'INCREMENTAL', 'LOG_BASED'] as const satisfies ReplicationMethod[];

/** Reads a connection file, in YAML or JSON. Throws a ConfigError `connection_file_invalid` with everything that is wrong with it. */
export async function readConnection(file: string): Promise<ConnectionFile> {
  const document = { path: file, what: 'connection file', code: 'connection_file_invalid' } as const;
  const connection = connectionOf(await readDocument(document), document, basename(file), dirname(file));
  return { ...connection, file, folder: dirname(file), state: connection.state ?? `${file}.state.json` };
}

/**
 * Reads a connection from an object with the keys of a connection file; `origin` has its name and its folder. Throws a ConfigError `connection_file_invalid` with everything that is wrong; its
 * `problems` have the path of each key.
 */
export function parseConnection(value: unknown, origin: Pick<Connection, 'name' | 'folder'>): Connection {
  const { name, folder } = origin;
  const document = { path: name, what: 'connection', code: 'connection_file_invalid' } as const;
  if (isObject(value)) return connectionOf(value, document, name, folder);
  throw documentError(document, [{ property: 'connection', message: 'give { source: { … }, target: { … } }' }]);
}

function connectionOf(value: Values, document: DocumentFile, name: string, folder: string | undefined): Connection {
  const problems: Problems = [];
  checkKeys(value, ['source', 'target', 'streams', 'concurrency', 'state', '$schema'], '', problems);
  const source = readEndpoint(value.source, 'source', [], problems);
  const target = readTarget(value.target, problems);
  const streams = readStreams(value.streams, problems);
  const concurrency = isGiven(value.concurrency) ? readCount(value.concurrency, 'concurrency', problems) : undefined;
  const state = isGiven(value.state) ? readText(value.state, 'state', 'the path of a file', problems) : undefined;
  refuseProblems(document, problems);
  return {
    name,
    source,
    target,
    ...(folder === undefined ? {} : { folder }),
    ...(streams === undefined ? {} : { streams }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(state === undefined ? {} : { state: folder === undefined ? state : resolve(folder, state) }),
  };
}

function readCount(value: unknown, property: string, problems: Problems): number | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  problems.push({ property, message: 'must be a whole number from 1 on' });
  return undefined;
}

function readEndpoint(value: unknown, name: string, others: readonly string[], problems: Problems): Endpoint {
  if (!isObject(value)) {
    const what = value === undefined ? 'is missing' : 'is wrong';
    problems.push({ property: name, message: `${what}; give { connector: NAME, config: { … } }` });
    return { connector: '', config: {} };
  }
  checkKeys(value, ['connector', 'config', ...others], `${name}.`, problems);
  const config = readProperties(value.config, `${name}.config`, problems);
  const connector = readText(value.connector, `${name}.connector`, 'the name of a connector, or a ./path', problems);
  return { connector, config };
}

function readTarget(value: unknown, problems: Problems): TargetEndpoint {
  const endpoint = readEndpoint(value, 'target', ['action', 'input'], problems);
  const { action, input } = isObject(value) ? value : {};
  if (!isGiven(action)) {
    if (isGiven(input))
      problems.push({ property: 'target.input', message: 'belongs to an action; give target.action too' });
    return endpoint;
  }
  return {
    ...endpoint,
    action: readText(action, 'target.action', 'the name of an action', problems),
    ...(isGiven(input) ? { input: readProperties(input, 'target.input', problems) } : {}),
  };
}

function readStreams(value: unknown, problems: Problems): StreamSelection[] | undefined {
  if (!isGiven(value)) return undefined;
  if (!Array.isArray(value) || value.length === 0) {
    problems.push({ property: 'streams', message: 'must be a list of streams; leave it out for all of them' });
    return undefined;
  }
  const selections = value.map((entry, index) => readSelection(entry, `streams[${index}]`, problems));
  const names = selections.map(({ stream }) => stream);
  for (const name of new Set(names.filter((other, index) => other !== '' && names.indexOf(other) !== index))) {
    problems.push({ property: 'streams', message: `'${name}' is listed more than once` });
  }
  return selections;
}

function readSelection(entry: unknown, path: string, problems: Problems): StreamSelection {
  if (typeof entry === 'string') return { stream: readText(entry, path, 'the name of a stream', problems) };
  if (!isObject(entry)) {
    problems.push({ property: path, message: 'give the name of a stream, or { stream: NAME, … }' });
    return { stream: '' };
  }
  checkKeys(entry, ['stream', 'replication_method', 'replication_key', 'columns'], `${path}.`, problems);
  const stream = readText(entry.stream, `${path}.stream`, 'the name of a stream', problems);
  const { replication_method: wanted, replication_key: key, columns } = entry;
  const replicationMethod = replicationMethods.find((method) => method === wanted);
  if (isGiven(wanted) && replicationMethod === undefined) {
    const message = `must be one of ${replicationMethods.join(', ')}`;
    problems.push({ property: `${path}.replication_method`, message });
  }
  const replicationKey = isGiven(key)
    ? readText(key, `${path}.replication_key`, 'the name of a column', problems)
    : undefined;
  const isList = Array.isArray(columns) && columns.length > 0 && columns.every((column) => typeof column === 'string');
  if (isGiven(columns) && !isList) {
    const message = 'must be a list of names; leave it out for all columns';
    problems.push({ property: `${path}.columns`, message });
  }
  return {
    stream,
    ...(replicationMethod === undefined ? {} : { replicationMethod }),
    ...(replicationKey === undefined ? {} : { replicationKey }),
    ...(isList ? { columns } : {}),
  };
}
