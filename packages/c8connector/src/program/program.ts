import { about, aboutMarkdown } from '../config/about.ts';
import { createMask } from '../config/mask.ts';
import { maskValue } from '../config/mask-value.ts';
import { secretsOf } from '../config/secrets-of.ts';
import { visible } from '../config/visible.ts';
import { waitFor } from '../deadline.ts';
import { type C8Connector, isIntegration, isSource, isTarget } from '../interface/connector.ts';
import { ConfigError, ConnectorError, isC8Error, type ValidationError } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Value } from '../interface/value.ts';
import { stringifyValue } from '../jsonl/values.ts';
import { createStop, type Stop } from '../run/stop.ts';
import { exactCatalog } from '../singer/catalog.ts';
import { helpText, type ProgramArguments, programArguments } from './arguments.ts';
import { readCatalog, readConfig, readState, savedState } from './files.ts';
import { standardInput } from './input.ts';
import { createLog, stderrOf } from './log.ts';
import { createOutput, type Output } from './output.ts';
import type { WriteStderr } from './stderr.ts';

/** Exit codes of the signals that end a program. A terminal that is closed sends SIGHUP. */
const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** How long the work may take to give up after the forced stage of a stop has begun; the same as in the host program. */
const releaseMilliseconds = 3000;

/** Masks and reports the errors of a program, before its config is known and after. */
interface Reporting {
  readonly write: WriteStderr;
  mask: (text: string) => string;
  withStack: boolean;
}

/**
 * A connector's own program: Singer's flags and the C8 verbs, messages on stdout, everything else on stderr. Ends the process with the documented
 * exit code; never returns.
 */
export async function runProgram(
  connector: C8Connector,
  argv: readonly string[] = process.argv.slice(2),
): Promise<never> {
  const reporting: Reporting = {
    write: stderrOf(connector.packageName),
    mask: (text) => text,
    withStack: false,
  };
  const output = createOutput(process.stdout);
  const fail = (error: unknown): void => report(connector, error, reporting);
  process.on('uncaughtException', (error) => {
    fail(error);
    process.exit(exitCodeOf(error));
  });
  try {
    process.exit(await runVerb(connector, programArguments(argv, connector.type), output, reporting));
  } catch (error) {
    fail(error);
    process.exit(exitCodeOf(error));
  }
}

async function runVerb(
  connector: C8Connector,
  args: ProgramArguments,
  output: Output,
  reporting: Reporting,
): Promise<number> {
  reporting.withStack = args.logLevel === 'debug';
  switch (args.verb) {
    case 'help':
      await output.write(helpText(connector.packageName, connector.type));
      return 0;
    case 'version':
      await output.write(`${connector.packageName} ${connector.version}\n`);
      return 0;
    case 'about':
      await output.write(args.format === 'markdown' ? aboutMarkdown(connector) : json(about(connector)));
      return 0;
    default:
      return await runWithConfig(connector, args, output, reporting);
  }
}

/** A call whose config was read. */
interface Call {
  readonly connector: C8Connector;
  readonly args: ProgramArguments;
  /** The raw config. */
  readonly config: unknown;
  readonly output: Output;
  readonly stop: Stop;
  readonly log: Log;
  mask(text: string): string;
}

async function runWithConfig(
  connector: C8Connector,
  args: ProgramArguments,
  output: Output,
  reporting: Reporting,
): Promise<number> {
  const config = await readConfig(args.config ?? '');
  const mask = createMask(secretsOf(connector.config, config));
  reporting.mask = mask;
  const log = createLog({ name: connector.packageName, level: args.logLevel, mask, write: reporting.write });
  const { stop, exitCode } = stopOnSignals();
  const work = answerOrStop({ connector, args, config, output, stop, log, mask });
  // The reader of stdout may never accept what is being written. A source has nothing to save; others undo what is half written.
  await waitFor(work, { signal: isSource(connector) ? stop.forced : released(stop.forced) });
  return exitCode();
}

/** Aborted when the work has had its time to give up after the forced stage began. */
function released(forced: AbortSignal): AbortSignal {
  const late = new AbortController();
  forced.addEventListener('abort', () => setTimeout(() => late.abort(), releaseMilliseconds).unref());
  return late.signal;
}

/** A stop that signals request, and the exit code of the first signal: 0 until one comes. */
function stopOnSignals(): { readonly stop: Stop; exitCode(): number } {
  const stop = createStop();
  let signalCode = 0;
  for (const [signal, code] of Object.entries(signalCodes)) {
    process.on(signal, () => {
      signalCode ||= code;
      stop.request();
    });
  }
  return { stop, exitCode: () => signalCode };
}

/** Runs the verb. After a signal, a failure is treated as the end of the stop. */
async function answerOrStop(call: Call): Promise<void> {
  const { output, stop, log, mask } = call;
  try {
    await answer(call);
  } catch (error) {
    if (isC8Error(error) && error.name === 'ValidationError') {
      await output.write(json(maskValue((error as ValidationError).report, mask)));
    }
    // After a signal, work ends by an abort, which libraries report under different names.
    if (!stop.graceful.aborted) throw error;
    log.debug('stopped by a signal', { error: String(error) });
  }
}

async function answer(call: Call): Promise<void> {
  const { connector, args, config, output, stop, log, mask } = call;
  const options = { signal: stop.graceful, log };
  switch (args.verb) {
    case 'validate':
      return await output.write(json(maskValue(await connector.validate(config, options), mask)));
    case 'samples':
      return await output.write(json(await connector.samples(config, options)));
    case 'schemas':
      return await output.write(json(await connector.schemas(config, options)));
    case 'objects':
      return await listObjects(call);
    case 'discover':
      if (isSource(connector)) await output.write(json(exactCatalog(await connector.discover(config, options))));
      return;
    default:
      await runSinger(call);
  }
}

/** One JSON object a line, as soon as it is known. */
async function listObjects({ connector, args, config, output, stop, log, mask }: Call): Promise<void> {
  if (!isTarget(connector) || connector.objects === undefined)
    throw new ConfigError(`${connector.packageName} cannot list what it has committed`, {
      code: 'objects_unsupported',
    });
  const { stream, all } = args;
  for await (const object of connector.objects(config, { stream, all, signal: stop.graceful, log }))
    await output.write(`${mask(stringifyValue({ ...object }))}\n`);
}

/** Loads the modules that only a run needs. */
async function runSinger({ connector, args, config, output, stop, log, mask }: Call): Promise<void> {
  if (isSource(connector)) {
    const { readToOutput } = await import('./read.ts');
    if (args.catalog === undefined) {
      log.warn('no stream is selected: give --catalog FILE, made with --discover');
      return;
    }
    const catalog = await readCatalog(args.catalog);
    const state =
      args.state === undefined ? {} : { state: await readState(args.state), durable: savedState(args.state, log) };
    await readToOutput(connector, { config, catalog, ...state, until: args.until, signal: stop.graceful, log }, output);
  } else if (isTarget(connector)) {
    const { writeFromInput } = await import('./write.ts');
    await writeFromInput(connector, { config, input: standardInput(), stop, log }, output);
  } else if (isIntegration(connector)) {
    const { actOnInput } = await import('./act.ts');
    const input = args.input === undefined ? {} : { input: await readConfig(args.input, 'input') };
    const request = { config, ...input, results: args.results, lines: process.stdin, stop, log, mask };
    await actOnInput(connector, args.action ?? '', request, output);
  } else {
    throw new ConnectorError(`${connector.packageName}: a ${connector.type} has no Singer program`, {
      code: 'contract_broken',
    });
  }
}

function report(connector: C8Connector, error: unknown, { write, mask, withStack }: Reporting): void {
  const text = mask(`${connector.packageName}: ${describeError(error, withStack)}`);
  write(`${visible(text, { keepLines: true })}\n`);
}

function exitCodeOf(error: unknown): number {
  return isC8Error(error) ? error.exitCode : 1;
}

function json(value: unknown): string {
  return `${visible(stringifyValue(value as Value, 2), { keepLines: true })}\n`;
}

/** The message of a failed program: one line with the error and what to do, and the stack only on request. */
function describeError(error: unknown, withStack = false): string {
  const message = isC8Error(error)
    ? `${error.name} ${error.code}: ${error.message}${error.remedy === undefined ? '' : `${/[.!?]$/.test(error.message) ? '' : '.'} ${error.remedy}`}`
    : `unexpected error: ${error instanceof Error ? error.message : String(error)}`;
  if (!withStack || !(error instanceof Error)) return oneLine(message);
  return `${oneLine(message)}\n${stackOf(error)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
