import { defineAction, defineIntegration } from 'c8connector';
import manifest from '../package.json' with { type: 'json' };
import { type Access, send } from './client.ts';

/** Posts messages to a webhook: `POST` sends one, `GET` only shows that the URL and the token are good. */
export class SampleIntegration extends defineIntegration({
  package: manifest,
  name: 'Sample',
  description: 'Posts messages to a webhook.',
  config: {
    url: { type: 'string', displayName: 'URL', description: 'Address of the webhook.', isMandatory: true },
    token: { type: 'password', displayName: 'Token', description: 'Token that may post.', isMandatory: true },
  },
  *check({ config, signal }) {
    const run = async () => `It answers as ${await send(config, 'GET', signal)}.`;
    yield { id: 'reach', label: 'Reach the webhook', run };
  },
  actions: {
    postMessage: defineAction<Access>()({
      description: 'Posts a message.',
      input: { text: { type: 'string', displayName: 'Text', description: 'What to say.', isMandatory: true } },
      output: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      example: { text: 'Hello' },
      run: async ({ config, input, signal }) => ({ id: await send(config, 'POST', signal, { text: input.text }) }),
    }),
  },
}) {}
