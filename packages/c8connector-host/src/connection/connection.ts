import { dirname, resolve } from 'node:path';
import type { ReplicationMethod } from 'c8connector';
import { checkKeys, readProperties, readText, refuseProblems } from '../document/checks.ts';
import { isObject, readDocument } from '../document/document.ts';

/** One end of a connection: a connector and its raw config, whose `{ $env }` and `{ $file }` are not resolved yet. */
export interface End {
  readonly connector: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Where the rows go: into a target, or each into an action of an integration. */
export interface TargetEnd extends End {
  readonly action?: string;
  /** Input of the action, with `{{column}}` in its texts; the row itself when left out. Not resolved yet, like the config. */
  readonly input?: Readonly<Record<string, unknown>>;
}

/** What the user wants of a stream, or of all streams that a pattern with `*` matches. */
export interface StreamWish {
  readonly stream: string;
  readonly replicationMethod?: ReplicationMethod;
  /** All columns when left out. */
  readonly columns?: readonly string[];
}

export interface Connection {
  /** Absolute path of the file. */
  readonly file: string;
  readonly source: End;
  readonly target: TargetEnd;
  /** All streams when left out. */
  readonly streams?: readonly StreamWish[];
  /** Absolute path of the state file. */
  readonly state: string;
}

export const replicationMethods = ['FULL_TABLE', 'INCREMENTAL', 'LOG_BASED'] as const satisfies ReplicationMethod[];

/** Reads a connection file. Throws a ConfigError `connection_file_invalid` that tells everything that is wrong with it. */
export async function readConnection(file: string): Promise<Connection> {
  const facts = { path: file, what: 'connection file', code: 'connection_file_invalid' } as const;
  const document = await readDocument(facts);
  const problems: string[] = [];
  checkKeys(document, ['source', 'target', 'streams', 'state', '$schema'], '', problems);
  const source = readEnd(document.source, 'source', [], problems);
  const target = readTarget(document.target, problems);
  const streams = readStreams(document.streams, problems);
  const state = readText(document.state ?? `${file}.state.json`, 'state', 'the path of a file', problems);
  refuseProblems(facts, problems);
  return { file, source, target, state: resolve(dirname(file), state), ...(streams === undefined ? {} : { streams }) };
}

function readEnd(value: unknown, name: string, others: readonly string[], problems: string[]): End {
  if (!isObject(value)) {
    problems.push(
      `${name}: ${value === undefined ? 'is missing' : 'is wrong'}; give { connector: NAME, config: { … } }`,
    );
    return { connector: '', config: {} };
  }
  checkKeys(value, ['connector', 'config', ...others], `${name}.`, problems);
  const config = readProperties(value.config, `${name}.config`, problems);
  const connector = readText(value.connector, `${name}.connector`, 'the name of a connector, or a ./path', problems);
  return { connector, config };
}

function readTarget(value: unknown, problems: string[]): TargetEnd {
  const end = readEnd(value, 'target', ['action', 'input'], problems);
  const { action, input } = isObject(value) ? value : {};
  const isGiven = (input ?? undefined) !== undefined;
  if ((action ?? undefined) === undefined) {
    if (isGiven) problems.push('target.input: belongs to an action; give target.action too');
    return end;
  }
  return {
    ...end,
    action: readText(action, 'target.action', 'the name of an action', problems),
    ...(isGiven ? { input: readProperties(input, 'target.input', problems) } : {}),
  };
}

function readStreams(value: unknown, problems: string[]): StreamWish[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length === 0) {
    problems.push('streams: must be a list of streams; leave it out for all of them');
    return undefined;
  }
  const wishes = value.map((entry, index) => readWish(entry, `streams[${index}]`, problems));
  const names = wishes.map(({ stream }) => stream);
  for (const name of new Set(names.filter((other, index) => other !== '' && names.indexOf(other) !== index))) {
    problems.push(`streams: '${name}' stands there more than once`);
  }
  return wishes;
}

function readWish(entry: unknown, path: string, problems: string[]): StreamWish {
  if (typeof entry === 'string') return { stream: readText(entry, path, 'the name of a stream', problems) };
  if (!isObject(entry)) {
    problems.push(`${path}: give the name of a stream, or { stream: NAME, … }`);
    return { stream: '' };
  }
  checkKeys(entry, ['stream', 'replication_method', 'columns'], `${path}.`, problems);
  const stream = readText(entry.stream, `${path}.stream`, 'the name of a stream', problems);
  const { replication_method: wanted, columns } = entry;
  const replicationMethod = replicationMethods.find((method) => method === wanted);
  if ((wanted ?? undefined) !== undefined && replicationMethod === undefined) {
    problems.push(`${path}.replication_method: must be one of ${replicationMethods.join(', ')}`);
  }
  const isList = Array.isArray(columns) && columns.length > 0 && columns.every((column) => typeof column === 'string');
  if ((columns ?? undefined) !== undefined && !isList) {
    problems.push(`${path}.columns: must be a list of names; leave it out for all columns`);
  }
  return { stream, ...(replicationMethod === undefined ? {} : { replicationMethod }), ...(isList ? { columns } : {}) };
}
