import { testIntegration } from 'c8connector-testing';
import { afterAll } from 'vitest';
import { SampleIntegration } from '../c8_integration_sample/index.ts';
import { startWebhook } from './webhook.ts';

const webhook = await startWebhook();
afterAll(webhook.stop);

testIntegration({
  connector: SampleIntegration,
  config: webhook.config,
  packageFolder: new URL('..', import.meta.url),
  calls: { postMessage: { text: 'Hello' } },
  callsMade: webhook.calls,
  snapshot: () => webhook.messages,
});
