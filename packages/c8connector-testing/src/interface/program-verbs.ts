import { type C8Connector, isC8Error, isSource } from 'c8connector';
import { type Check, orReason } from '../check.ts';
import { type ConnectorContext, validate } from '../context.ts';
import type { Program } from '../program/connector-program.ts';
import type { Ended } from '../program/ended.ts';
import {
  checkAbout,
  checkAboutMarkdown,
  checkCatalog,
  checkNames,
  checkRefused,
  checkReport,
  checkVersion,
} from '../program/program-output.ts';
import { mandatory, spoiled } from './validation.ts';

/** A call of the program, and the check of its result. */
interface Call {
  readonly run: (program: Program) => Promise<Ended>;
  readonly check: (ended: Ended) => void | Promise<void>;
}

/** 72 */
export const programVerbs: Check<ConnectorContext> = {
  number: 72,
  title:
    'the program supports --about, --version, --validate, --samples, --schemas and --discover, with their formats and exit codes',
  where: 'main.ts: runProgram does all of it, unless something else prints to stdout or sets the exit code',
  async run(context) {
    const program = await context.program();
    const calls = [...callsWithout(context.connector), ...(await callsWith(context)), ...(await refusedCalls(context))];
    const ended = await Promise.all(calls.map(async ({ run, check }) => ({ check, outcome: await run(program) })));
    for (const { check, outcome } of ended) await check(outcome);
  },
};

/** Calls that need no config. */
function callsWithout(connector: C8Connector): readonly Call[] {
  return [
    { run: (program) => program.run(['--about'], {}), check: (ended) => checkAbout(ended, connector) },
    {
      run: (program) => program.run(['--about', '--format', 'markdown'], {}),
      check: (ended) => checkAboutMarkdown(ended, connector),
    },
    { run: (program) => program.run(['--version'], {}), check: (ended) => checkVersion(ended, connector) },
    {
      run: (program) => program.run(['--validate'], {}),
      check: (ended) => checkRefused(ended, '--validate without --config', 2),
    },
  ];
}

async function callsWith({ connector, config, sampled, schemas }: ConnectorContext): Promise<readonly Call[]> {
  const good = await config();
  const calls: Call[] = [
    {
      run: (program) => program.run(['--validate'], { config: good }),
      check: (ended) => checkReport(ended, '--validate of a good config', 0),
    },
    {
      run: (program) => program.run(['--schemas'], { config: good }),
      check: async (ended) => checkNames(ended, '--schemas', await schemas()),
    },
    {
      run: (program) => program.run(['--samples'], { config: good }),
      check: async (ended) => checkNames(ended, '--samples', await sampled()),
    },
  ];
  if (!isSource(connector)) return calls;
  const discovers: Call = {
    run: (program) => program.run(['--discover'], { config: good }),
    check: async (ended) => checkCatalog(ended, await connector.discover(good)),
  };
  return [...calls, discovers];
}

/** Calls that must fail, each with its exit code. */
async function refusedCalls(context: ConnectorContext): Promise<readonly Call[]> {
  const { connector } = context;
  const calls: Call[] = [
    {
      run: (program) => program.run(['--validate'], { config: 'no object' }),
      check: (ended) => checkRefused(ended, '--validate of a config that is not a JSON object', 2),
    },
  ];
  if (mandatory(connector).length > 0)
    calls.push({
      run: (program) => program.run(['--validate'], { config: {} }),
      check: (ended) => checkReport(ended, '--validate of an empty config', 2),
    });
  const wrong = await orReason(async () => spoiled(context, await context.config()));
  for (const { name, config } of 'value' in wrong ? wrong.value.slice(0, 1) : []) {
    const { outcome } = await validate(connector, config);
    // The connector's answers in process are covered by another check.
    if ('report' in outcome || !isC8Error(outcome.error)) continue;
    const { exitCode } = outcome.error;
    calls.push({
      run: (program) => program.run(['--validate'], { config }),
      check: (ended) => checkReport(ended, `--validate of ${name}`, exitCode),
    });
  }
  return calls;
}
