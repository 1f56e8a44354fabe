import type { C8Connector, ValidationReport, ValidationStep } from '../connector.ts';
import { once } from './once.ts';
import {
  type IntegrationTestOptions,
  makeConnector,
  type SourceTestOptions,
  type TargetTestOptions,
} from './options.ts';
import { type Program, programOf } from './program.ts';
import { type LogEntry, recordingLog } from './recording-log.ts';

/** What the checks of one connector share. Everything is worked out when it is first asked for. */
export interface ConnectorContext<C extends C8Connector = C8Connector> {
  readonly connector: C;
  /** A connector of its own. */
  readonly makeConnector: () => C;
  readonly config: () => Promise<Readonly<Record<string, unknown>>>;
  /** The good config validated: its report, or the error, and the steps as they were told one by one. */
  readonly validated: () => Promise<Validation>;
  readonly wrongPassword: SourceTestOptions['wrongPassword'];
  /** The connector's own program; throws NotRunnable when the options don't say where it is. */
  readonly program: () => Promise<Program>;
  readonly log: ReturnType<typeof recordingLog>;
  /** Tells the reader of the test report something that is no finding. */
  readonly note: (text: string) => void;
}

/** How a call of `validate` ended. */
export interface Validation {
  readonly outcome: { readonly report: ValidationReport } | { readonly error: unknown };
  readonly told: readonly ValidationStep[];
  readonly log: readonly LogEntry[];
}

export function connectorContext<C extends C8Connector>(
  options: (SourceTestOptions | TargetTestOptions | IntegrationTestOptions) & {
    readonly connector: (new () => C) | (() => C);
  },
): ConnectorContext<C> {
  const make = () => makeConnector<C>(options.connector);
  const connector = make();
  const config = once(async () => {
    const { config: given } = options;
    return (typeof given === 'function' ? await given() : given) as Readonly<Record<string, unknown>>;
  });
  return {
    connector,
    makeConnector: make,
    config,
    validated: once(async () => await validate(connector, await config())),
    wrongPassword: options.wrongPassword,
    program: once(() => programOf(options)),
    log: recordingLog(),
    note: (text) => console.info(text),
  };
}

/** Calls `validate` and keeps everything that it tells. Never rejects. */
export async function validate(connector: C8Connector, integration: unknown): Promise<Validation> {
  const told: ValidationStep[] = [];
  const log = recordingLog();
  try {
    const report = await connector.validate(integration, { log, onStep: (step) => told.push(step) });
    return { outcome: { report }, told, log: log.entries };
  } catch (error) {
    return { outcome: { error }, told, log: log.entries };
  }
}
