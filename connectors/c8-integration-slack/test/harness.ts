import type { Log } from 'c8connector';
import { type SlackOptions, type SlackServer, startSlack } from 'test-services';
import { SlackIntegration } from '../c8_integration_slack/index.ts';

export interface Opened extends AsyncDisposable {
  readonly server: SlackServer;
  /** Id of the channel of the config, which the app is in. */
  readonly channel: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly slack: SlackIntegration;
  /** All that was logged. */
  readonly logged: readonly string[];
  call(action: string, input?: object, more?: { config?: object; signal?: AbortSignal }): Promise<unknown>;
  /** What the call rejects with. */
  failure(action: string, input?: object, more?: { config?: object; signal?: AbortSignal }): Promise<unknown>;
  /** How many calls of the method have reached Slack. */
  calls(method: string): number;
}

/** A server with a channel #general, and an integration with a token for it. */
export async function openSlack(more: object = {}, options: SlackOptions = {}): Promise<Opened> {
  const server = await startSlack({ clock: () => Date.now(), ...options });
  const channel = server.addChannel({ name: 'general' });
  const config = { token: server.token, channel, api_url: `${server.url}/api/`, ...more };
  const slack = new SlackIntegration();
  const logged: string[] = [];
  const log = recordingLog(logged);
  const call: Opened['call'] = (action, input = {}, { config: other = config, signal } = {}) =>
    slack.call(action, other, input, { log, ...(signal && { signal }) });
  return {
    ...{ server, channel, config, slack, logged, call },
    failure: (...given) =>
      call(...given).then(
        (output) => Promise.reject(new Error(`not refused: ${JSON.stringify(output)}`)),
        (error: unknown) => error,
      ),
    calls: (method) => server.requests.filter((request) => request.method === method).length,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** As `openSlack`, with nothing but a webhook of the channel. */
export async function openWebhook(more: object = {}): Promise<Opened & { readonly url: string }> {
  const opened = await openSlack();
  const url = opened.server.addWebhook(opened.channel);
  const config = { webhook_url: url, ...more };
  const withConfig: Opened['call'] = (action, input, given) => opened.call(action, input, { config, ...given });
  const failure: Opened['failure'] = (action, input, given) => opened.failure(action, input, { config, ...given });
  return { ...opened, url, config, call: withConfig, failure };
}

function recordingLog(logged: string[]): Log {
  const keep = (message: string, details: object = {}) => void logged.push(`${message} ${JSON.stringify(details)}`);
  return { debug: keep, info: keep, warn: keep, error: keep };
}

/** Texts of the messages of a channel, in their order. */
export function textsOf({ server, channel }: Opened): string[] {
  return server.messages(channel).map(({ text }) => text);
}
