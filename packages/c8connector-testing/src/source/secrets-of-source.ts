import type { SourceConnector } from 'c8connector';
import type { Check } from '../check.ts';
import { checkClean, ownSecrets } from '../secrets/planted-secrets.ts';
import { type Call, checkPlanted, checkPrinted, title, where } from '../secrets/secrets.ts';
import { record } from './recording/recording.ts';
import type { SourceContext } from './source-context.ts';

/** 24 */
export const sourceSecrets: Check<SourceContext> = {
  number: 24,
  title,
  where,
  async run(context) {
    const calls: readonly Call<SourceConnector>[] = [
      ['discover', (source, config, log) => source.discover(config, { log })],
      ['samples', (source, config, log) => source.samples(config, { log })],
      ['schemas', (source, config, log) => source.schemas(config, { log })],
      [
        'read',
        async (source, config, log) =>
          withoutRecords(await record(source, { config, catalog: await context.catalog(), log })),
      ],
    ];
    const { config, secrets } = await checkPlanted(context, calls);
    await checkPrinted(context, secrets, [
      ['--validate', (program) => program.run(['--validate', '--log-level', 'debug'], { config })],
      ['--discover', (program) => program.run(['--discover', '--log-level', 'debug'], { config })],
    ]);
    await checkGood(context);
  },
};

/** The same with the test's config, whose secrets are searched for where they cannot occur by chance. */
async function checkGood(context: SourceContext): Promise<void> {
  const secrets = ownSecrets(context.connector, await context.config());
  if (secrets.size === 0) return;
  checkClean('the report of a good config', (await context.validated()).outcome, secrets);
  checkClean('the catalog', await context.discovered(), secrets);
  checkClean('schemas', await context.schemas(), secrets);
  checkClean('the messages of read', withoutRecords(await context.read()), secrets);
  checkClean('the log', [context.log.entries, (await context.validated()).log], secrets);
}

function withoutRecords({ messages }: Awaited<ReturnType<typeof record>>): unknown {
  return messages.filter((message) => message.type !== 'RECORDS');
}
