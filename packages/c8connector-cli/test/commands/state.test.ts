import { describe, expect, test } from 'vitest';
import { connection, type Folder, jsonLines, numbers, openFolder } from '../program.ts';

/** A connection whose first stream failed after its tenth row. */
async function failedFolder(): Promise<Folder> {
  const folder = await openFolder();
  await folder.write('copy.json', connection({ source: { fails: 'read', rows: 40 } }));
  await folder.run(['sync', 'copy.json']);
  await folder.write('copy.json', connection({ source: { rows: 40 } }));
  return folder;
}

/** The ids of all rows that the target received, in order. */
async function idsOf(folder: Folder, stream: string): Promise<unknown[]> {
  return jsonLines(await folder.read(`out/${stream}.jsonl`)).map(({ id }) => id);
}

async function bookmarks(folder: Folder, ...args: readonly string[]) {
  const { code, stdout, stderr } = await folder.run(['state', 'copy.json', ...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout).bookmarks;
}

describe('state', () => {
  test('shows how far each stream is', async () => {
    await using folder = await failedFolder();
    expect(await bookmarks(folder)).toMatchObject({
      'list-1': { last_replication_method: 'FULL_TABLE', after: 10 },
      'list-2': { last_replication_method: 'FULL_TABLE' },
    });
    expect(Object.keys(await bookmarks(folder, '--stream', 'list-2'))).toEqual(['list-2']);
    const { stdout } = await folder.run(['state', 'copy.json']);
    expect(stdout).toMatch(/│ list-1 │ FULL_TABLE │ \{.*"after":10/);
  });

  test('reports when nothing was read yet', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection());
    const { code, stdout } = await folder.run(['state', 'copy.json']);
    expect([code, stdout]).toEqual([0, 'Nothing was read yet.\n']);
  });

  test('sets a bookmark from which the next run resumes, in the same version as before', async () => {
    await using folder = await failedFolder();
    const { version, ...bookmark } = (await bookmarks(folder))['list-1'];
    const set = JSON.stringify({ ...bookmark, version: 1, after: 38 });
    const after = await bookmarks(folder, '--stream', 'list-1', '--set', set);
    expect(after['list-1']).toMatchObject({ version, after: 38 });
    expect((await folder.run(['sync', 'copy.json'])).code).toBe(0);
    expect(await idsOf(folder, 'list-1')).toEqual([...numbers(10), 39, 40]);
  });

  test('treats a bookmark without a method as one for the method of the stream', async () => {
    await using folder = await failedFolder();
    await bookmarks(folder, '--stream', 'list-1', '--set', '{"after":38}');
    expect((await folder.run(['sync', 'copy.json'])).code).toBe(0);
    expect(await idsOf(folder, 'list-1')).toEqual([...numbers(10), 39, 40]);
  });

  test('resets a stream, which the next run then reads from its beginning', async () => {
    await using folder = await failedFolder();
    expect(Object.keys(await bookmarks(folder, '--stream', 'list-1', '--reset'))).toEqual([]);
    expect((await folder.run(['sync', 'copy.json'])).code).toBe(0);
    expect(await idsOf(folder, 'list-1')).toEqual([...numbers(10), ...numbers(40)]);
  });

  test('refuses what makes no sense, and changes nothing', async () => {
    await using folder = await failedFolder();
    const before = await folder.read('copy.json.state.json');
    const calls = [
      [['--reset'], '--reset changes one stream: name it with --stream'],
      [['--set', '{}'], '--set changes one stream: name it with --stream'],
      [['--stream', 'list-1', '--set', '{}', '--reset'], '--set and --reset do not go together'],
      [['--stream', 'list-1', '--set', '[]'], '--set takes a bookmark as a JSON object'],
      [['--stream', 'list-1', '--set', '{"xmin":5}'], "stream 'list-1': the stream cannot resume from this bookmark"],
      [['--stream', 'list-9', '--reset'], "the state has no stream 'list-9'; did you mean 'list-"],
      [['--stream', 'list-9'], "the state has no stream 'list-9'; did you mean 'list-"],
    ] as const;
    for (const [args, message] of calls) {
      const { code, stderr } = await folder.run(['state', 'copy.json', ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    expect(await folder.read('copy.json.state.json')).toBe(before);
  });
});
