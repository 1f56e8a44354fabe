import type { IntegrationConnector } from 'c8connector';
import { type Check, NotRunnable } from '../check.ts';
import { checkClean, ownSecrets } from '../secrets/planted-secrets.ts';
import { type Call, checkPlanted, checkPrinted, title, where } from '../secrets/secrets.ts';
import type { GoodCall, IntegrationContext } from './integration-context.ts';

/** 24 */
export const integrationSecrets: Check<IntegrationContext> = {
  number: 24,
  title,
  where,
  async run(context) {
    const good = callsOrNone(context);
    const calls: readonly Call<IntegrationConnector>[] = [
      ['samples', (integration, config, log) => integration.samples(config, { log })],
      ['schemas', (integration, config, log) => integration.schemas(config, { log })],
      ...good.map(
        ({ action: { name }, input }): Call<IntegrationConnector> => [
          name,
          (integration, config, log) => integration.call(name, config, input, { log }),
        ],
      ),
    ];
    const { config, secrets } = await checkPlanted(context, calls);
    await checkPrinted(context, secrets, [
      ['--validate', (program) => program.run(['--validate', '--log-level', 'debug'], { config })],
      ...good.map(
        ({ action: { name }, input }) =>
          [
            `--action ${name}`,
            (program) =>
              program.run(['--action', name, '--log-level', 'debug'], { config }, `${JSON.stringify(input)}\n`),
          ] satisfies Parameters<typeof checkPrinted>[2][number],
      ),
    ]);
    const own = ownSecrets(context.connector, await context.config());
    if (own.size === 0) return;
    checkClean('the report of a good config', (await context.validated()).outcome, own);
    if (good.length > 0) checkClean('the outputs of good calls', await context.made(), own);
    checkClean('the log', [context.log.entries, (await context.validated()).log], own);
  },
};

function callsOrNone({ goodCalls, note }: IntegrationContext): readonly GoodCall[] {
  try {
    return goodCalls();
  } catch (error) {
    if (!(error instanceof NotRunnable)) throw error;
    note(`24 searched without calls: ${error.message}`);
    return [];
  }
}
