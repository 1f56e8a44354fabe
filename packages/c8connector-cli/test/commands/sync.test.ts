// Takes about 15 s.
import { describe, expect, test } from 'vitest';
import { connection, type Folder, idsOf, jsonLines, numbers, openFolder } from '../program.ts';

describe('sync', () => {
  test('copies all streams, saves the state beside the file and leaves a record', async () => {
    await using folder = await openFolder();
    await folder.write('here/copy.json', connection({ target: { folder: `${folder.path}/out` } }));
    await folder.write('here/source.mjs', "export * from '../source.mjs';");
    await folder.write('here/target.mjs', "export * from '../target.mjs';");
    const { code, stdout } = await folder.run(['sync', 'here/copy.json']);
    expect([code, stdout]).toEqual([0, '']);
    expect(await idsOf(folder, 'list-1')).toEqual(numbers(25));
    expect(await idsOf(folder, 'list-2')).toEqual(numbers(25));
    expect(Object.keys(JSON.parse(await folder.read('here/copy.json.state.json')).bookmarks)).toEqual([
      'list-1',
      'list-2',
    ]);
    const record = JSON.parse(await folder.read('here/copy.json.run.json'));
    expect(record).toMatchObject({
      status: 'done',
      connection: 'copy.json',
      state: 'copy.json.state.json',
      source: { connector: 'c8-source-lists', version: '1.2.3' },
      target: { connector: 'c8-target-files', version: '0.0.7' },
      isResumed: false,
      error: null,
    });
    expect(record.streams[0]).toMatchObject({
      stream: 'list-1',
      method: 'FULL_TABLE',
      status: 'done',
      read: 25,
      written: 25,
    });
  });

  test('copies the selected streams and columns, by name and by pattern', async () => {
    await using folder = await openFolder();
    const streams = [{ stream: 'list-2', columns: ['word'] }, 'list-*1'];
    await folder.write('copy.json', connection({ source: { streams: 4 }, streams, state: 'kept/here.json' }));
    await folder.write('kept/.keep', '');
    expect((await folder.run(['sync', 'copy.json'])).code).toBe(0);
    const [row] = jsonLines(await folder.read('out/list-2.jsonl'));
    // The key is always included.
    expect(Object.keys(row ?? {})).toEqual(['id', 'word']);
    expect(Object.keys(JSON.parse(await folder.read('kept/here.json')).bookmarks)).toEqual(['list-1', 'list-2']);
    const [whole] = jsonLines(await folder.read('out/list-1.jsonl'));
    expect(Object.keys(whole ?? {})).toEqual(['id', 'word', 'amount']);
  });

  test('logs its events as JSON when stderr is not a terminal', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ streams: ['list-1'] }));
    const { stderr } = await folder.run(['sync', 'copy.json']);
    const said = jsonLines(stderr).map((line) => line.msg);
    expect(said).toContain('planned');
    expect(said).toContain('state saved');
    expect(said.at(-1)).toBe('finished');
    expect((await folder.run(['sync', 'copy.json', '--log-level', 'silent'])).stderr).toBe('');
  });

  test('writes its events to stdout with --json', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ streams: ['list-1'] }));
    const { stdout } = await folder.run(['sync', 'copy.json', '--json']);
    const events = stdout.trimEnd().split('\n');
    expect(events.map((line) => JSON.parse(line).type)).toEqual(
      expect.arrayContaining(['planned', 'progress', 'state_saved']),
    );
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ type: 'finished', status: 'done' });
  });

  test('shows a bar for each stream and a summary on a terminal', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ source: { delay: 100 } }));
    const { code, stdout } = await folder.runOnTerminal(['sync', 'copy.json']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/list-1 +█{20} 100% +25 rows +3\.8 kB +\d+ rows\/s/);
    expect(stdout).toMatch(/│ list-2 │ done +│ +25 │ +25 │ +0 │ all +│ +\d+ │ +\d+ ms │/);
    expect(stdout).toContain('done: 50 rows written in ');
  });

  test('logs plain lines on a terminal with --no-progress', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection());
    const { stdout } = await folder.runOnTerminal(['sync', 'copy.json', '--no-progress']);
    expect(stdout).toContain('info: planned {');
    expect(stdout).not.toContain('█');
    expect(stdout).toContain('done: 50 rows written in ');
  });
});

describe('a run that failed', () => {
  test('keeps what was delivered before, copies the other streams, and the next run continues', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ source: { fails: 'read', rows: 40 } }));
    const first = await folder.run(['sync', 'copy.json']);
    expect(first.code).toBe(1);
    expect(first.stderr).toContain(
      'c8connector: DataError value_refused: stream list-1: row 10 is bad, says [secret]\n  ',
    );
    expect(await idsOf(folder, 'list-2')).toEqual(numbers(40));
    const record = JSON.parse(await folder.read('copy.json.run.json'));
    expect(record).toMatchObject({ status: 'failed', error: { code: 'value_refused', exitCode: 1 } });
    expect(record.streams[0]).toMatchObject({ stream: 'list-1', status: 'failed', error: { code: 'value_refused' } });

    await folder.write('copy.json', connection({ source: { rows: 40 } }));
    const second = await folder.run(['sync', 'copy.json', '--json']);
    expect(second.code).toBe(0);
    expect(await idsOf(folder, 'list-1')).toEqual(numbers(40));
    expect(JSON.parse(second.stdout.split('\n')[0] ?? '')).toMatchObject({
      isResumed: false,
      streams: [{ action: 'resume' }, { action: 'copy' }],
    });
  });

  test('has the exit code of its first failure', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ source: { fails: 'always' }, target: { refuses: 'list-2' } }));
    expect((await folder.run(['sync', 'copy.json'])).code).toBe(3);
    await folder.write('other.json', connection({ source: { fails: 'always' }, target: { refuses: 'list-1' } }));
    expect((await folder.run(['sync', 'other.json'])).code).toBe(1);
  });

  test('reports in the summary how much of each stream is stored', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ source: { fails: 'read', rows: 40 } }));
    const { code, stdout } = await folder.runOnTerminal(['sync', 'copy.json']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/│ list-1 │ failed +│ +10 │ +10 │ +0 │ up to here: resumes │/);
    expect(stdout).toMatch(/│ list-2 │ done +│ +40 │ +40 │ +0 │ all /);
  });

  test('also leaves a record if it fails before its first stream', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ source: { fails: 'discover' } }));
    expect((await folder.run(['sync', 'copy.json'])).code).toBe(3);
    expect(JSON.parse(await folder.read('copy.json.run.json'))).toMatchObject({
      run: null,
      status: 'failed',
      streams: [],
      error: { code: 'login_refused' },
    });
  });
});

describe('--full-refresh', () => {
  const begun = { last_replication_method: 'FULL_TABLE', version: 1, after: 20 };
  const state = { currently_syncing: 'list-1', bookmarks: { 'list-1': begun, 'list-2': begun } };
  const rest = [21, 22, 23, 24, 25];

  test.each([
    ['not given', [], rest, rest],
    ['of all streams', ['--full-refresh'], numbers(25), numbers(25)],
    ['of one stream', ['--full-refresh', 'list-1'], numbers(25), rest],
    ['of two streams', ['--full-refresh', 'list-1', 'list-2'], numbers(25), numbers(25)],
    ['of two streams, one by one', ['--full-refresh', 'list-1', '--full-refresh', 'list-2'], numbers(25), numbers(25)],
  ])('%s reads only these streams from the beginning', async (_, args, one, two) => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection());
    await folder.write('copy.json.state.json', state);
    expect((await folder.run(['sync', 'copy.json', ...args])).code).toBe(0);
    expect([await idsOf(folder, 'list-1'), await idsOf(folder, 'list-2')]).toEqual([one, two]);
  });

  test('may come before the connection', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection());
    await folder.write('copy.json.state.json', state);
    expect((await folder.run(['sync', '--full-refresh', 'copy.json'])).code).toBe(0);
    expect(await idsOf(folder, 'list-1')).toEqual(numbers(25));
  });

  test('of a stream that is not selected is refused, and nothing is read', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ streams: ['list-1'] }));
    const { code, stderr } = await folder.run(['sync', 'copy.json', '--full-refresh', 'list-3']);
    expect(code).toBe(2);
    expect(stderr).toContain("the source has no stream 'list-3'; did you mean 'list-1'?");
  });
});

describe('a target that writes to another place than in the last run', () => {
  const begun = { last_replication_method: 'FULL_TABLE', version: 1, after: 20 };
  const state = { currently_syncing: 'list-1', bookmarks: { 'list-1': begun } };

  async function movedFolder() {
    const folder = await openFolder();
    await folder.write('copy.json', connection({ streams: ['list-1'], source: { fails: 'read' } }));
    await folder.write('copy.json.state.json', state);
    await folder.run(['sync', 'copy.json']);
    const target = { folder: `${folder.path}/elsewhere` };
    await folder.write('copy.json', connection({ streams: ['list-1'], target }));
    return folder;
  }
  const idsElsewhere = async (folder: Folder) =>
    jsonLines(await folder.read('elsewhere/list-1.jsonl')).map(({ id }) => id);

  test('receives everything again, and one line reports that', async () => {
    await using folder = await movedFolder();
    const { code, stderr } = await folder.run(['sync', 'copy.json']);
    expect(code).toBe(0);
    expect(stderr).toContain('The target writes to another place than in the last run');
    expect(await idsElsewhere(folder)).toEqual(numbers(25));
  });

  test('is refused with --keep-state while a stream is copied in part, unless that starts over', async () => {
    await using folder = await movedFolder();
    const before = await folder.read('copy.json.state.json');
    const { code, stderr } = await folder.run(['sync', 'copy.json', '--keep-state']);
    expect(code).toBe(2);
    expect(stderr).toContain("the stream 'list-1' is copied in part");
    expect(stderr).toContain('Run at the old place until all streams are done');
    expect(await folder.read('copy.json.state.json')).toBe(before);
    const { code: withRefresh } = await folder.run(['sync', 'copy.json', '--keep-state', '--full-refresh', 'list-1']);
    expect(withRefresh).toBe(0);
    expect(await idsElsewhere(folder)).toEqual(numbers(25));
  });

  test('is resumed by --keep-state once a run at the old place has ended', async () => {
    await using folder = await movedFolder();
    const moved = await folder.read('copy.json');
    await folder.write('copy.json', connection({ streams: ['list-1'] }));
    expect((await folder.run(['sync', 'copy.json'])).code).toBe(0);
    await folder.write('copy.json', moved);
    const { code, stderr } = await folder.run(['sync', 'copy.json', '--keep-state']);
    expect(code).toBe(0);
    expect(stderr).not.toContain('The target writes to another place');
  });
});
