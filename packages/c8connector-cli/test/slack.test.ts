import { readFile } from 'node:fs/promises';
import { type SlackServer, startSlack } from 'test-services';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { connection, type Folder, openFolder } from './program.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

/** A file that the README shows, with the address of the server in its configs. */
function example(name: string, slack: SlackServer) {
  const content = new RegExp(`^\`\`\`yaml\n# ${name}\n([^\`]*)`, 'm').exec(readme)?.[1];
  if (content === undefined) throw new Error(`the README has no ${name}`);
  const file = parse(content);
  const configs = [
    file.config,
    file.target?.config,
    ...(file.alerts ?? []).map(({ config }: { config: object }) => config),
  ];
  for (const config of configs) if (config !== undefined) config.api_url = `${slack.url}/api/`;
  return file;
}

async function world() {
  const slack = await startSlack();
  const channel = slack.addChannel({ name: 'general' });
  const env = { SLACK_TOKEN: slack.token, SLACK_WEBHOOK_URL: slack.addWebhook(channel) };
  const folder = await openFolder();
  return {
    folder,
    run: async (...args: readonly string[]) => await folder.run(args, { env }),
    write: async (name: string, file: string | object) => await folder.write(name, file),
    slack,
    texts: () => slack.messages(channel).map(({ text }) => text),
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await slack[Symbol.asyncDispose]();
    },
  };
}

async function writeFailing(folder: Folder): Promise<void> {
  const failing = connection({ source: { fails: 'read', streams: 1 }, target: { folder: 'out' } });
  await folder.write('orders.yaml', failing);
}

describe('the examples with Slack in the README', () => {
  test('call posts a message and lists channels', async () => {
    await using here = await world();
    const config = { ...example('slack.yaml', here.slack), api_url: `${here.slack.url}/api/` };
    await here.write('slack.yaml', config);
    await here.write('hello.yaml', example('hello.yaml', here.slack));
    const call = ['call', 'c8-integration-slack', 'postMessage', '--config', 'slack.yaml'];
    const posted = await here.run(...call, '--input', 'hello.yaml', '--json');
    expect(posted.stderr).toBe('');
    expect(JSON.parse(posted.stdout)).toMatchObject({ ts: expect.any(String) });
    expect(here.texts()).toEqual(['Hello from *c8connector*']);
    const listed = await here.run('call', 'c8-integration-slack', 'listChannels', '--config', 'slack.yaml');
    expect(listed.stdout).toContain('│ general ');
    const refused = await here.run(...call, '--set', 'text=hi', '--set', 'channel=C0GONE0000');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('channel_not_found');
    const wrong = await here.run(...call, '--set', 'txt=hi', '--set', 'reply_broadcast=perhaps');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/reply_broadcast: 'perhaps' is neither/);
    expect(wrong.stderr).toContain("txt: unknown property; did you mean 'text'?");
  });

  test('sync posts a message for each row', async () => {
    await using here = await world();
    const { target } = example('signups.yaml', here.slack);
    const input = { text: target.input.text.replace('name', 'word') };
    const source = connection({ source: { rows: 3, streams: 1, word: 'Ann & <Bo>' } });
    await here.write('signups.yaml', { ...source, target: { ...target, input } });
    expect((await here.run('sync', 'signups.yaml')).code).toBe(0);
    expect(here.texts()).toEqual(Array.from({ length: 3 }, () => 'Ann &amp; &lt;Bo&gt; signed up'));
  });

  test('sync --notify reports a failure once, by token and by webhook', async () => {
    await using here = await world();
    await here.write('alert.yaml', example('alert.yaml', here.slack));
    await here.write('alerts.yaml', example('alerts.yaml', here.slack));
    await writeFailing(here.folder);
    const failure = 'stream list-1: value_refused: row 10 is bad, says [secret]';
    expect((await here.run('sync', 'orders.yaml', '--notify', 'alert.yaml')).code).toBe(1);
    expect((await here.run('sync', 'orders.yaml', '--notify', 'alert.yaml')).code).toBe(1);
    expect(here.texts()).toEqual([expect.stringContaining(failure)]);
    await here.folder.write('orders.yaml.alerts.json', { failures: {} });
    expect((await here.run('sync', 'orders.yaml', '--notify', 'alerts.yaml')).code).toBe(1);
    expect(here.texts().slice(1).sort()).toEqual([
      expect.stringContaining('orders.yaml failed after '),
      expect.stringMatching(/^orders\.yaml failed in list-1: row 10 is bad, says \[secret\] Correct the row/),
    ]);
  });
});
