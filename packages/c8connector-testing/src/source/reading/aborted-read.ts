import { type Check, NotRunnable } from '../../check.ts';
import { abortWaiting } from '../../interface/aborted.ts';
import { pointedAt } from '../../interface/addresses.ts';
import { silentServer } from '../../interface/silent-server.ts';
import type { SourceContext } from '../source-context.ts';

/** How long a source may take to release what it waits for. */
const limitMilliseconds = 3000;

/** 109 */
export const abortedRead: Check<SourceContext> = {
  number: 109,
  title: 'an abort ends a read while the service does not answer',
  where: 'signal of the context: pass it to whatever waits for the service, retries included',
  async run(context) {
    await using server = await silentServer();
    const config = await pointedAt(context, server);
    const catalog = await context.catalog();
    const connected = await abortWaiting(
      'read',
      async ({ signal = new AbortController().signal }) => {
        const request = { config, catalog, exact: 'number', signal, log: context.log } as const;
        for await (const _ of context.makeConnector().read(request));
      },
      server,
      { limit: limitMilliseconds, mayCleanUp: true },
    );
    if (!connected) throw new NotRunnable('read does not connect to the address of the config');
  },
};
