import type { IntegrationConnector, Row, SourceConnector, SourceMessage, TargetConnector } from 'c8connector';
import { memoryIntegration } from '../../c8connector/test/fixtures/memory-integration.ts';
import { MemorySource } from '../../c8connector/test/fixtures/memory-source.ts';
import { memoryTarget } from '../../c8connector/test/fixtures/memory-target.ts';
import type { ConnectorContext } from '../src/context.ts';
import {
  type Check,
  type IntegrationTestOptions,
  integrationChecks,
  integrationContext,
  NotRunnable,
  runCheck,
  type SourceTestOptions,
  sourceChecks,
  sourceContext,
  type TargetTestOptions,
  targetChecks,
  targetContext,
} from '../src/index.ts';
import type { Program } from '../src/program/connector-program.ts';
import { printedRead } from '../src/source/recording/printed-read.ts';
import { metaSchemas } from '../src/values/meta-schemas.ts';

const config = { password: 'open sesame' };

/** Compiled once for all tests. */
const sharedSchemas = metaSchemas();

interface Run {
  /** The one check to run; all when left out. */
  readonly only?: number;
  /** Takes the place of the connector's program. */
  readonly answering?: Program;
}

/** The findings of all checks on the source in memory with some members broken. */
export async function sourceFindings(
  broken: (honest: SourceConnector) => Partial<SourceConnector>,
  options: Partial<SourceTestOptions> & Run = {},
): Promise<string[]> {
  const connector = () => {
    const honest = new MemorySource();
    return Object.assign(new MemorySource(), broken(honest));
  };
  const context = sourceContext({ connector, config, ...options });
  const { answering } = options;
  const printed = answering && (async () => await printedRead(answering, await context.config(), await context.read()));
  return await findings(sourceChecks, { ...context, ...(printed && { printed }) }, options);
}

/** The same for the target in memory, which keeps its rows in `stored`. */
export async function targetFindings(
  broken: (honest: TargetConnector, stored: Map<string, Row[]>) => Partial<TargetConnector>,
  options: Partial<TargetTestOptions> & Run = {},
): Promise<string[]> {
  const stored = new Map<string, Row[]>();
  const Target = memoryTarget(stored);
  const connector = () => {
    const honest = new Target();
    return Object.assign(new Target(), broken(honest, stored));
  };
  return await findings(
    targetChecks,
    targetContext({ connector, config, readBack: (stream) => stored.get(stream) ?? [], ...options }),
    options,
  );
}

/** The same for the integration in memory; `said` has what reached its service. */
export async function integrationFindings(
  broken: (honest: IntegrationConnector, said: string[]) => Partial<IntegrationConnector>,
  options: Partial<IntegrationTestOptions> & Run = {},
): Promise<string[]> {
  const said: string[] = [];
  const Integration = memoryIntegration((text) => said.push(text));
  const connector = () => {
    const honest = new Integration();
    return Object.assign(new Integration(), broken(honest, said));
  };
  const calls = { say: { text: 'good morning' } };
  return await findings(
    integrationChecks,
    integrationContext({ connector, config, calls, callsMade: () => said.length, ...options }),
    options,
  );
}

/** A `read` that passes the messages of the honest one through a function. */
export function changedRead(
  honest: SourceConnector,
  change: (messages: AsyncIterable<SourceMessage>) => AsyncIterable<SourceMessage>,
): Pick<SourceConnector, 'read'> {
  return { read: (request) => change(honest.read(request)) };
}

async function findings<Context extends ConnectorContext>(
  checks: readonly Check<Context>[],
  context: Context,
  { only, answering }: Run,
): Promise<string[]> {
  const found: string[] = [];
  const others = {
    metaSchemas: sharedSchemas,
    note: () => undefined,
    ...(answering && { program: async () => answering }),
  };
  for (const check of checks) {
    if (only !== undefined && check.number !== only) continue;
    try {
      await runCheck(check, { ...context, ...others });
    } catch (error) {
      if (!(error instanceof NotRunnable)) found.push((error as Error).message);
    }
  }
  return found;
}
