import type { Secret } from 'c8connector';
import { attempt } from './attempts.ts';
import { type ClientContext, callingOf, wayOf } from './calling.ts';
import { isKnown } from './errors-table.ts';
import { describeBody, UnprovenAnswer } from './proof.ts';
import { BadAnswer, postForSuccess } from './transport.ts';

/** Posts one payload to an incoming webhook, and retries where that is safe. The answer must be exactly `ok`. */
export async function postToWebhook(
  context: ClientContext,
  webhook: Secret,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const url = webhook.reveal();
  const calling = callingOf(context, url);
  const body = JSON.stringify(payload);
  const way = await wayOf(context);
  await attempt(calling, { method: 'webhook', host: new URL(url).host }, async () => {
    const answer = await postForSuccess(
      way,
      url,
      { headers: { 'content-type': 'application/json' }, body },
      context.signal,
    );
    const text = answer.text.trim();
    if (text === 'ok') return;
    throw isKnown(text) ? new BadAnswer(answer) : new UnprovenAnswer(describeBody(text));
  });
}
