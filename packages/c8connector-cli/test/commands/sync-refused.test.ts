import { describe, expect, test } from 'vitest';
import { connection, openFolder } from '../program.ts';

/** Runs a connection file that must be refused, and returns the message. */
async function refused(
  file: string | object,
  others: Readonly<Record<string, string>> = {},
  name = 'copy.yaml',
): Promise<string> {
  await using folder = await openFolder();
  await folder.write(name, file);
  for (const [path, content] of Object.entries(others)) await folder.write(path, content);
  const { code, stdout, stderr } = await folder.run(['sync', name]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).not.toContain('    at ');
  expect(stderr).not.toMatch(/quite-secret|also-secret/);
  return stderr.replaceAll(folder.path, '.');
}

describe('a connection file is refused, by name and with exit code 2', () => {
  test('when it does not exist', async () => {
    await using folder = await openFolder();
    const { code, stderr } = await folder.run(['sync', 'nowhere.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain(`connection_file_invalid: connection file ${folder.path}/nowhere.yaml: it does not exist`);
  });

  test('when it is invalid, with line and column, and without quoting its content', async () => {
    const broken = 'source:\n  config: { password: "quite-secret\n  }\ntarget: [';
    expect(await refused(broken)).toMatch(/connection file \.\/copy\.yaml: line \d+, column \d+: /);
    expect(await refused('\u0000\u0001quite-secret', {}, 'copy.json')).toContain('connection file ./copy.json: ');
    expect(await refused('- quite-secret')).toContain('it must contain an object');
    expect(await refused('')).toContain('it must contain an object');
  });

  test('when a key occurs twice', async () => {
    expect(await refused('state: quite-secret\nstate: b')).toContain('line 2, column 1: this key occurs twice');
  });

  test('with everything that is wrong with it', async () => {
    const said = await refused({
      sorce: {},
      source: { connector: './source.mjs', confg: {} },
      streams: [{ stream: 'a', replication_method: 'FULL', colums: ['x'], columns: [] }, 7, 'b', 'b'],
      state: 5,
    });
    expect(said).toContain("\n  sorce: unknown key; did you mean 'source'?\n");
    expect(said).toContain("\n  source.confg: unknown key; did you mean 'config'?\n");
    expect(said).toContain('\n  target: is missing; give { connector: NAME, config: { … } }\n');
    expect(said).toContain("\n  streams[0].colums: unknown key; did you mean 'columns'?\n");
    expect(said).toContain('\n  streams[0].replication_method: must be one of FULL_TABLE, INCREMENTAL, LOG_BASED\n');
    expect(said).toContain('\n  streams[0].columns: must be a list of names; leave it out for all columns\n');
    expect(said).toContain('\n  streams[1]: give the name of a stream, or { stream: NAME, … }\n');
    expect(said).toContain("\n  streams: 'b' is listed more than once\n");
    expect(said).toContain('\n  state: is wrong; give the path of a file\n');
  });
});

describe('a connection is refused with exit code 2', () => {
  test('when a connector is unknown, or has the wrong kind', async () => {
    expect(await refused({ source: { connector: 'c8-source-x' }, target: { connector: 'y' } })).toContain(
      "connector_unknown: unknown connector 'c8-source-x'",
    );
    const swapped = { source: { connector: './target.mjs' }, target: { connector: './source.mjs' } };
    expect(await refused(swapped)).toContain("source.connector: './target.mjs' is a target, not a source");
  });

  test('when streams or columns are unknown, all of them with the nearest', async () => {
    const streams = await refused(connection({ streams: ['lsit-1', 'zebra', 'other-*'] }));
    expect(streams).toContain("stream_unknown: the source has no stream 'lsit-1'; did you mean 'list-1'?");
    expect(streams).toContain("\n  the source has no stream 'zebra'\n");
    expect(streams).toContain("\n  no stream of the source matches 'other-*'\n");
    const columns = await refused(connection({ streams: [{ stream: 'list-1', columns: ['wrod', 'id', 'zebra'] }] }));
    expect(columns).toContain("column_unknown: stream 'list-1' has no column 'wrod'; did you mean 'word'?");
    expect(columns).toContain("\n  stream 'list-1' has no column 'zebra'\n");
  });

  test('when the source has no streams', async () => {
    expect(await refused(connection({ source: { streams: 0 } }))).toContain(
      'stream_unknown: the source has no streams',
    );
  });

  test('when the source does not support the replication method', async () => {
    const streams = [{ stream: 'list-1', replication_method: 'LOG_BASED' }];
    expect(await refused(connection({ streams }))).toContain('method_unsupported');
  });

  test('when its configs are invalid, with the problems of both', async () => {
    const source = { token: '', host: null, rows: -1, mode: 'fats', is_tidy: 'maybe' };
    const said = await refused(connection({ source, target: { folder: '', flush_rows: 'x' } }));
    for (const property of ['token', 'host', 'rows', 'mode', 'is_tidy', 'flush_rows']) {
      expect(said).toMatch(new RegExp(`^ +${property}: `, 'm'));
    }
    expect(said).toMatch(/ConfigError config_invalid: source: the config has 5 problems:/);
    expect(said).toContain('target: the config has ');
  });

  test('when a variable or a file for a value does not exist, with the property', async () => {
    const source = { token: { $env: 'NOT_SET' }, host: { $file: './not-there' } };
    const said = await refused(connection({ source, target: { key: { $env: 'ALSO_NOT_SET' } } }));
    expect(said).toContain("source: property 'token': the environment variable NOT_SET is not set");
    expect(said).toContain("source: property 'host': the file ./not-there does not exist");
    expect(said).toContain("target: property 'key': the environment variable ALSO_NOT_SET is not set");
  });

  test('when its state file is invalid, or its folder is missing', async () => {
    for (const garbage of ['', '{"bookmarks": 7}', '\u0000', '{"bookmarks": {"list-1"']) {
      const said = await refused(connection(), { 'copy.yaml.state.json': garbage });
      expect(said).toContain('state_unreadable');
      expect(said).toContain('./copy.yaml.state.json');
    }
    expect(await refused(connection({ state: 'no/such/folder.json' }))).toContain(
      'state_unreadable: state file ./no/such/folder.json: its folder does not exist',
    );
  });
});

test('a connection that is running is refused with the process id, and its record is not changed', async () => {
  await using folder = await openFolder();
  await folder.write('copy.json', connection({ source: { delay: 100, rows: 10_000, streams: 1 } }));
  await folder.write('copy.json.run.json', 'the record of the last run');
  const running = folder.start(['sync', 'copy.json']);
  await running.says('"planned"');
  const { code, stderr } = await folder.run(['sync', 'copy.json']);
  expect(code).toBe(2);
  expect(stderr).toContain('ConfigError state_locked: ');
  expect(stderr).toContain(`process ${running.child.pid} `);
  expect(await folder.read('copy.json.run.json')).toBe('the record of the last run');
  running.child.kill('SIGKILL');
  await running.ended;
});
