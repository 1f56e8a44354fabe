import { stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { connection, type Folder, jsonLines, openFolder } from '../program.ts';

const all = ['success', 'failure', 'schema_change', 'rejected'];

function alert(change: object = {}, config: object = {}): object {
  const boardConfig = { token: { $env: 'BOARD_TOKEN' }, file: 'sent.jsonl', ...config };
  return { connector: './integration.mjs', config: boardConfig, action: 'say', on: all, ...change };
}

async function sync(folder: Folder, source: object) {
  await folder.write(
    'copy.json',
    connection({ source: { streams: 2, rows: 15, ...source }, target: { folder: 'out' } }),
  );
  const env = { BOARD_TOKEN: 'board-secret-token' };
  const ended = await folder.run(['sync', 'copy.json', '--notify', 'alert.json'], { env });
  expect(ended.stdout + ended.stderr).not.toMatch(/board-secret|quite-secret/);
  return ended;
}

/** What was sent since the last time. */
async function sent(folder: Folder): Promise<Record<string, unknown>[]> {
  const lines = jsonLines(await folder.read('sent.jsonl').catch(() => ''));
  await folder.write('sent.jsonl', '');
  return lines;
}

async function texts(folder: Folder): Promise<unknown[]> {
  return (await sent(folder)).map(({ text }) => text);
}

describe('sync --notify', () => {
  test('reports success and changed columns, one message of a kind', async () => {
    await using folder = await openFolder();
    await folder.write('alert.json', alert());
    expect((await sync(folder, {})).code).toBe(0);
    expect(await texts(folder)).toEqual([
      expect.stringMatching(/^copy\.json is done: 30 rows of 2 streams written in [\d.]+ m?s$/),
    ]);
    expect((await sync(folder, { more: 'note' })).code).toBe(0);
    expect(await texts(folder)).toEqual([
      'copy.json: columns are not what they were in the last run\nlist-1: added note\nlist-2: added note\n' +
        'Next: See whether all who read the target expect these columns.',
      expect.stringContaining('copy.json is done: '),
    ]);
    await expect(folder.read('copy.json.alerts.json')).rejects.toThrow();
  });

  test('reports a failure once, until it changes or a run succeeds', async () => {
    await using folder = await openFolder();
    await folder.write('alert.json', alert({ on: ['failure'] }));
    const first = await sync(folder, { fails: 'read' });
    expect(first.code).toBe(1);
    expect(await texts(folder)).toEqual([
      expect.stringMatching(
        /^copy\.json failed after [\d.]+ m?s, 25 rows written\nstream list-1: value_refused: row 10 is bad, says \[secret\]\nNext: Correct the row/,
      ),
    ]);
    expect(JSON.parse(await folder.read('copy.json.alerts.json'))).toEqual({
      failures: { '0 ./integration.mjs say': [{ stream: 'list-1', code: 'value_refused' }] },
    });
    expect((await stat(`${folder.path}/copy.json.alerts.json`)).mode & 0o777).toBe(0o600);

    await sync(folder, { fails: 'read' });
    expect(await texts(folder)).toEqual([]);
    await sync(folder, { fails: 'plainly' });
    expect(await texts(folder)).toEqual([
      expect.stringContaining('stream list-1: unexpected: something broke: [secret]'),
    ]);
    expect((await sync(folder, {})).code).toBe(0);
    expect(JSON.parse(await folder.read('copy.json.alerts.json'))).toEqual({ failures: {} });
    await sync(folder, { fails: 'plainly' });
    expect(await texts(folder)).toHaveLength(1);
  });

  test('reports why a run could not start, and fills its own templates with escaped values', async () => {
    await using folder = await openFolder();
    const input = {
      text: '<{{event}}> {{connection}} {{status}} {{code}}: {{error}} {{next_step}}',
      times: '1{{rows}}',
    };
    const own = { event: 'failure', input: { room: '{{stream}}-{{streams}}' } };
    await folder.write('alert.json', { alerts: [alert({ input, on: [own] }), alert({ on: ['success'] })] });
    const { code } = await sync(folder, { fails: 'discover', host: 'a<b' });
    expect(code).toBe(3);
    expect(await sent(folder)).toEqual([
      {
        text: expect.stringMatching(
          /^<failure> copy\.json failed login_refused: login refused for https:\/\/me:\[secret\]@a&lt;b\/ Check /,
        ),
        room: '-',
        times: 10,
      },
    ]);
    expect((await sync(folder, { rows: 'many' })).code).toBe(2);
    expect(await texts(folder)).toEqual([expect.stringContaining('<failure> copy.json failed config_invalid: ')]);
  });

  test('reports all rejected rows in one message', async () => {
    await using folder = await openFolder();
    const target = { connector: './integration.mjs', config: { token: 'quite-secret-token' }, action: 'say' };
    const source = connection({ source: { rows: 2, streams: 1 } });
    await folder.write('copy.json', { ...source, target: { ...target, input: { text: 'lose-me {{id}}' } } });
    await folder.write(
      'alert.yaml',
      'connector: ./integration.mjs\nconfig: { token: abcdefgh, file: sent.jsonl }\naction: say\non: [rejected]\n',
    );
    expect((await folder.run(['sync', 'copy.json', '--notify', 'alert.yaml'])).code).toBe(0);
    expect(await texts(folder)).toEqual([
      expect.stringMatching(/^copy\.json: 2 rows were left out\nlist-1 \[1\]: outcome_unknown: .*\nlist-1 \[2\]: /),
    ]);
  });

  test('warns of an alert that cannot be sent, keeps its own result, and sends it after the next run', async () => {
    await using folder = await openFolder();
    await folder.write('alert.json', alert({ on: ['failure'] }, { fails: 'refuses' }));
    const { code, stderr } = await sync(folder, { fails: 'read' });
    expect(code).toBe(1);
    const warning = jsonLines(stderr).find(({ msg }) => msg === 'an alert was not sent');
    expect(warning).toMatchObject({ level: 40, event: 'failure', code: 'action_refused' });
    await folder.write('alert.json', alert({ on: ['failure'] }));
    await folder.write('copy.json.alerts.json', 'garbage');
    const next = await sync(folder, { fails: 'read' });
    expect(jsonLines(next.stderr).map(({ msg }) => msg)).toContain('the memory of the alerts cannot be read');
    expect(await texts(folder)).toHaveLength(1);
  });

  test('is not sent again after the next run when it is unknown whether it was sent, and a warning is logged', async () => {
    await using folder = await openFolder();
    await folder.write('alert.json', alert({ on: ['failure'] }, { fails: 'unknown' }));
    const { stderr } = await sync(folder, { fails: 'read' });
    const warning = 'it is unknown whether an alert was sent; it is not sent again';
    expect(jsonLines(stderr).find(({ msg }) => msg === warning)).toMatchObject({ code: 'outcome_unknown' });
    await folder.write('alert.json', alert({ on: ['failure'] }));
    await sync(folder, { fails: 'read' });
    await expect(folder.read('sent.jsonl')).rejects.toThrow();
  });

  test('is refused with exit code 2, and runs nothing, when its file is wrong', async () => {
    await using folder = await openFolder();
    await folder.write('alert.json', alert({ action: 'sya' }));
    const { code, stderr } = await sync(folder, {});
    expect(code).toBe(2);
    expect(stderr).toContain("action_unknown: alert: c8-integration-board has no action 'sya'; did you mean 'say'?");
    await expect(folder.read('copy.json.state.json')).rejects.toThrow();
  });
});
