import type { C8Connector } from 'c8connector';
import { orReason } from '../check.ts';
import { type ConnectorContext, outcomeOf, recordingLog, validate } from '../context.ts';
import type { Program } from '../program/connector-program.ts';
import type { Ended } from '../program/ended.ts';
import { checkClean, type Planted, plantSecrets, type Secrets } from './planted-secrets.ts';

/** The rule, the same for every type of connector. */
export const title = 'no secret appears in a report, an error, a log, a state or the output of the program';
/** Where an author should look. */
export const where =
  'messages of errors (those of drivers too), what is logged, and bookmarks; a Secret is revealed only where it is used';

/** A call of the connector with a config and a log. Its result, or what it throws, is searched. */
export type Call<C> = readonly [
  place: string,
  call: (connector: C, config: object, log: ReturnType<typeof recordingLog>) => Promise<unknown>,
];

/** Runs `validate` and each call with planted secrets, which make most of them fail, and searches all output. Returns the first planted config. */
export async function checkPlanted<C extends C8Connector>(
  context: ConnectorContext<C>,
  calls: readonly Call<C>[],
): Promise<Planted> {
  const all = plantSecrets(context.connector, await context.config());
  for (const { config, secrets } of all) {
    const validation = await validate(context.connector, config);
    checkClean(
      'the outcome of validate',
      'error' in validation.outcome ? validation.outcome.error : validation.outcome.report,
      secrets,
    );
    checkClean('the steps of validate', validation.steps, secrets);
    checkClean('the log of validate', validation.log, secrets);
    for (const [place, call] of calls) {
      const log = recordingLog();
      checkClean(`the outcome of ${place}`, await outcomeOf(() => call(context.connector, config, log)), secrets);
      checkClean(`the log of ${place}`, log.entries, secrets);
    }
  }
  return all[0];
}

/** Searches the output of the program for these calls. Does nothing when the options do not name the program. */
export async function checkPrinted(
  context: ConnectorContext,
  secrets: Secrets,
  runs: readonly (readonly [place: string, run: (program: Program) => Promise<Ended>])[],
): Promise<void> {
  const program = await orReason(context.program);
  if ('reason' in program) return context.note(`24 searched in process only: ${program.reason}`);
  const ended = await Promise.all(runs.map(async ([place, run]) => ({ place, ...(await run(program.value)) })));
  for (const { place, stdout, stderr } of ended) {
    checkClean(`stdout of the program with ${place}`, stdout, secrets);
    checkClean(`stderr of the program with ${place}`, stderr, secrets);
  }
}
