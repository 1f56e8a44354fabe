import type { Secret } from 'c8connector';
import { attempt } from './attempts.ts';
import { type ClientContext, callingOf } from './client.ts';
import { BadAnswer, postForSuccess } from './transport.ts';

/** Posts one payload to an incoming webhook, again where that is safe. A webhook answers with nothing but `ok`. */
export async function postToWebhook(
  context: ClientContext,
  webhook: Secret,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const url = webhook.reveal();
  const calling = callingOf(context, url);
  const body = JSON.stringify(payload);
  await attempt(calling, { method: 'webhook', host: new URL(url).host }, async () => {
    const answer = await postForSuccess(url, { headers: { 'content-type': 'application/json' }, body }, context.signal);
    if (answer.text.trim() !== 'ok') throw new BadAnswer(answer);
  });
}
