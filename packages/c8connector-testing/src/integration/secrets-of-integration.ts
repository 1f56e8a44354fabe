import type { IntegrationConnector } from 'c8connector';
import { type Check, orReason } from '../check.ts';
import { checkClean, ownSecrets } from '../secrets/planted-secrets.ts';
import { type Call, checkPlanted, checkPrinted, title, where } from '../secrets/secrets.ts';
import type { IntegrationContext } from './integration-context.ts';

/** 24 */
export const integrationSecrets: Check<IntegrationContext> = {
  number: 24,
  title,
  where,
  async run(context) {
    const calls = await orReason(context.goodCalls);
    if ('reason' in calls) context.note(`24 searched without calls: ${calls.reason}`);
    const good = 'value' in calls ? calls.value : [];
    const searched: readonly Call<IntegrationConnector>[] = [
      ['samples', (integration, config, log) => integration.samples(config, { log })],
      ['schemas', (integration, config, log) => integration.schemas(config, { log })],
      ...good.map(
        ({ action: { name }, input }): Call<IntegrationConnector> => [
          name,
          (integration, config, log) => integration.call(name, config, input, { log }),
        ],
      ),
    ];
    const { config, secrets } = await checkPlanted(context, searched);
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
