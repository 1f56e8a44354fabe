// Takes about 20 s.
import { testIntegration } from 'c8connector-testing';
import { type SlackServer, startSlack } from 'test-services';
import { afterAll } from 'vitest';
import { SlackIntegration } from '../c8_integration_slack/index.ts';

const servers: SlackServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});

for (const way of ['token', 'webhook']) {
  let server: SlackServer;
  testIntegration({
    connector: SlackIntegration,
    async config() {
      server = await startSlack();
      servers.push(server);
      const channel = server.addChannel({ name: 'general' });
      if (way === 'webhook') return { webhook_url: server.addWebhook(channel) };
      return { token: server.token, channel, api_url: `${server.url}/api/` };
    },
    packageFolder: new URL('..', import.meta.url),
    calls:
      way === 'webhook'
        ? { postMessage: { text: 'hello' } }
        : { postMessage: { text: 'hello' }, listChannels: {}, listUsers: {}, readMessages: { include_replies: true } },
    callsMade: () => server.requests.length,
    skip:
      way === 'webhook'
        ? {
            21: 'validate sends nothing to a webhook: every request would be a post',
            72: 'the program is the same as with a token',
          }
        : {},
  });
}
