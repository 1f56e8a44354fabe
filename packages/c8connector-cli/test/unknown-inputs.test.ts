import { expect, test } from 'vitest';
import { connection, type Ended, type Folder, openFolder } from './program.ts';

const integration = { connector: './integration.mjs', config: { token: 'quite-secret-token' } };

async function sync(folder: Folder, target: object, alert?: object): Promise<Ended> {
  await folder.write('copy.json', { ...connection({ source: { rows: 2, streams: 1 } }), target });
  if (alert !== undefined) await folder.write('alert.json', alert);
  return await folder.run(['sync', 'copy.json', ...(alert === undefined ? [] : ['--notify', 'alert.json'])]);
}

async function call(folder: Folder, args: readonly string[]): Promise<Ended> {
  await folder.write('config.json', integration.config);
  return await folder.run(['call', './integration.mjs', 'say', '--config', 'config.json', ...args]);
}

const target = { connector: './target.mjs', config: { folder: 'out' } };
/** Every way to give an input, with `unknown` in it. */
const ways: Readonly<Record<string, (folder: Folder, unknown: string) => Promise<Ended>>> = {
  'a connection file': (folder, unknown) =>
    sync(folder, { ...integration, action: 'say', input: { text: 'hello', [unknown]: 'later' } }),
  'a template of rows': (folder, unknown) =>
    sync(folder, { ...integration, action: 'say', input: { text: '{{id}}', [unknown]: '{{word}}' } }),
  'an alert file': (folder, unknown) =>
    sync(folder, target, { ...integration, action: 'say', on: ['success'], input: { [unknown]: '{{summary}}' } }),
  'call --set': (folder, unknown) => call(folder, ['--set', 'text=hello', '--set', `${unknown}=later`]),
  async 'call --input'(folder, unknown) {
    await folder.write('input.json', { text: 'hello', [unknown]: null });
    return await call(folder, ['--input', 'input.json']);
  },
};

for (const [way, give] of Object.entries(ways))
  test.each([
    ['tmies', "tmies: unknown property; did you mean 'times'?"],
    ['post_at', 'post_at: unknown property; say takes text, room, times'],
  ])(`an unknown input in ${way} is named, and the action is not called: %s`, async (unknown, message) => {
    await using folder = await openFolder();
    const { code, stdout, stderr } = await give(folder, unknown);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('ConfigError input_invalid: ');
    expect(stderr).toContain(message);
    await expect(folder.read('board.jsonl')).rejects.toThrow();
  });

test('a column that the action does not accept is named if the rows themselves are the input', async () => {
  await using folder = await openFolder();
  const { code, stderr } = await sync(folder, { ...integration, action: 'listRooms' });
  expect(code).toBe(2);
  expect(stderr).toContain("stream 'list-1', whose rows are the input of listRooms, has ");
  expect(stderr).toContain('id: unknown property; listRooms takes nothing');
  expect(stderr).toContain('Give an input with {{column}} in it');
});
