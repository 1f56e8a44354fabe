import type { TargetConnector } from 'c8connector';
import type { Check } from '../check.ts';
import { checkClean, ownSecrets } from '../secrets/planted-secrets.ts';
import { type Call, checkPlanted, checkPrinted, title, where } from '../secrets/secrets.ts';
import { recordMessages, schemaMessage, stateMessage, types } from './cases/target-case.ts';
import { singerText, type TargetContext, writeMessages } from './target-context.ts';

/** 24 */
export const targetSecrets: Check<TargetContext> = {
  number: 24,
  title,
  where,
  async run(context) {
    const stream = context.streamName('secrets');
    const messages = [
      schemaMessage(stream, { id: types.id }),
      ...recordMessages(stream, [{ id: 1 }]),
      stateMessage({ bookmarks: {} }),
    ];
    const write: Call<TargetConnector> = [
      'write',
      (target, config, log) => writeMessages(target, config, messages, log),
    ];
    const { config, secrets } = await checkPlanted(context, [write]);
    await checkPrinted(context, secrets, [
      ['--validate', (program) => program.run(['--validate', '--log-level', 'debug'], { config })],
      ['a run', (program) => program.run(['--log-level', 'debug'], { config }, singerText(messages))],
    ]);
    const own = ownSecrets(context.connector, await context.config());
    checkClean('the report of a good config', (await context.validated()).outcome, own);
    checkClean('the log', [context.log.entries, (await context.validated()).log], own);
  },
};
