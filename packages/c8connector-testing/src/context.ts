import type { C8Connector, Log, Sample, Schema, ValidationReport, ValidationStep } from 'c8connector';
import {
  type IntegrationTestOptions,
  makeConnector,
  type SourceTestOptions,
  type TargetTestOptions,
} from './options.ts';
import { type Program, programOf } from './program/connector-program.ts';
import { changedSinceBuild } from './program/stale-build.ts';
import { type MetaSchemas, metaSchemas } from './values/meta-schemas.ts';

/** What the checks of one connector share. Everything is computed when it is first needed. */
export interface ConnectorContext<C extends C8Connector = C8Connector> {
  readonly connector: C;
  /** Makes another connector. */
  readonly makeConnector: () => C;
  readonly config: () => Promise<Readonly<Record<string, unknown>>>;
  /** The validation of the test's config: the report or the error, and the steps that `onStep` received. */
  readonly validated: () => Promise<Validation>;
  readonly sampled: () => Promise<readonly Sample[]>;
  readonly schemas: () => Promise<readonly Schema[]>;
  readonly wrongPassword: SourceTestOptions['wrongPassword'];
  readonly unreachable: SourceTestOptions['unreachable'];
  /** What the service contains now; undefined when the options do not provide it. */
  readonly snapshot: (() => Promise<unknown>) | undefined;
  /** What it contained before the connector was called for the first time. */
  readonly firstSnapshot: () => Promise<unknown>;
  readonly packageFolder: URL | string | undefined;
  /** The connector's own program; throws NotRunnable when the options don't say where it is. */
  readonly program: () => Promise<Program>;
  readonly log: ReturnType<typeof recordingLog>;
  readonly metaSchemas: MetaSchemas;
  /** Prints a note for the reader of the test report that is not a finding. */
  readonly note: (text: string) => void;
}

/** How a call of `validate` ended. */
export interface Validation {
  readonly outcome: { readonly report: ValidationReport } | { readonly error: unknown };
  /** In the order in which `onStep` received them. */
  readonly steps: readonly ValidationStep[];
  readonly log: readonly LogEntry[];
}

export function connectorContext<C extends C8Connector>(
  options: (SourceTestOptions | TargetTestOptions | IntegrationTestOptions) & {
    readonly connector: (new () => C) | (() => C);
  },
): ConnectorContext<C> {
  const make = () => makeConnector<C>(options.connector);
  const connector = make();
  const given = options.snapshot;
  // A copy keeps the content of this moment: a test may return the very list that its server keeps filling.
  const snapshot = given && (async () => structuredClone(await given()));
  const prepared = once(async () => {
    const { config: offered } = options;
    const good = (typeof offered === 'function' ? await offered() : offered) as Readonly<Record<string, unknown>>;
    return { good, held: await snapshot?.() };
  });
  const config = async () => (await prepared()).good;
  const log = recordingLog();
  const note = (text: string) => console.info(text);
  return {
    connector,
    makeConnector: make,
    config,
    validated: once(async () => await validate(connector, await config())),
    sampled: once(async () => await connector.samples(await config(), { log })),
    schemas: once(async () => await connector.schemas(await config(), { log })),
    wrongPassword: options.wrongPassword,
    unreachable: options.unreachable,
    snapshot,
    firstSnapshot: async () => (await prepared()).held,
    packageFolder: options.packageFolder,
    program: once(() => builtProgram(options, note)),
    log,
    metaSchemas: metaSchemas(),
    note,
  };
}

/** The program, with a note when it was not built from the current sources. */
async function builtProgram(options: Parameters<typeof programOf>[0], note: (text: string) => void): Promise<Program> {
  const program = await programOf(options);
  const changed = options.packageFolder && (await changedSinceBuild(options.packageFolder));
  if (changed !== undefined)
    note(
      `the program was built before ${changed} was changed: build the connector, or what is found of its program is old`,
    );
  return program;
}

/** Calls `validate` and keeps its steps and its log. Never rejects. */
export async function validate(connector: C8Connector, config: unknown): Promise<Validation> {
  const steps: ValidationStep[] = [];
  const log = recordingLog();
  try {
    const report = await connector.validate(config, { log, onStep: (step) => steps.push(step) });
    return { outcome: { report }, steps, log: log.entries };
  } catch (error) {
    return { outcome: { error }, steps, log: log.entries };
  }
}

/** The result of a call, or what it throws. */
export async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return error;
  }
}

/** Returns a function that does the work on its first call, and returns the same promise on all calls. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

/** One line of a log. */
export interface LogEntry {
  readonly level: keyof Log;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A log that only keeps what is written to it. */
export function recordingLog(): Log & { readonly entries: readonly LogEntry[] } {
  const entries: LogEntry[] = [];
  const keep =
    (level: keyof Log) =>
    (message: string, details: Readonly<Record<string, unknown>> = {}): void => {
      entries.push({ level, message, details });
    };
  return { entries, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
