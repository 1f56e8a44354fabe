import { join } from 'node:path';
import { createStop, openFileState, type RunEvent } from 'c8connector';
import { describe, expect, test } from 'vitest';
import { type Connection, parseConnection, type RunOptions, type RunRecord, runConnection } from '../../src/index.ts';
import { type OpenHost, openHost } from '../open-host.ts';

function connection(config: object = {}, change: object = {}): Connection {
  return parseConnection(
    {
      source: { connector: 'c8-source-lists', config: { token: { $env: 'TOKEN' }, ...config } },
      target: { connector: 'c8-target-shelf' },
      ...change,
    },
    { name: 'numbers' },
  );
}

function options(world: OpenHost, change: Partial<RunOptions> = {}): RunOptions {
  return { openState: () => openFileState(join(world.folder, 'state.json')), stop: createStop(), ...change };
}

describe('a connection from an object in memory', () => {
  test('runs, and stores no file besides its state', async () => {
    await using world = await openHost();
    const { view, next, thrown } = await runConnection(connection(), world.host, options(world));
    expect(thrown).toBeUndefined();
    expect(world.ids('list-1')).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect(view).toMatchObject({
      connection: 'numbers',
      status: 'done',
      isResumed: false,
      streams: [
        { stream: 'list-1', status: 'done', estimate: 25, read: 25, written: 25, rejected: 0 },
        { stream: 'list-2', status: 'done', written: 25 },
      ],
      failures: [],
    });
    expect([...next.keys()]).toEqual(['list-1', 'list-2']);
    expect(await world.files()).toEqual(['state.json']);
  });

  test('reads the streams that it selects', async () => {
    await using world = await openHost();
    const { view } = await runConnection(connection({}, { streams: ['*-2'] }), world.host, options(world));
    expect(view.streams.map(({ stream }) => stream)).toEqual(['list-2']);
    expect(world.ids('list-1')).toEqual([]);
  });

  test('resumes where a failed run ended, or starts from the beginning on request', async () => {
    await using world = await openHost();
    const failed = await runConnection(connection({ fails: 'read' }), world.host, options(world));
    expect(failed.view).toMatchObject({
      status: 'failed',
      streams: [{ status: 'failed', written: 10 }, { status: 'done' }],
    });
    expect([...failed.next]).toEqual([
      ['list-1', 'resume'],
      ['list-2', 'copy'],
    ]);
    const resumed = await runConnection(connection(), world.host, options(world));
    expect(resumed.view).toMatchObject({ isResumed: false, streams: [{ read: 15 }, { status: 'done', read: 25 }] });
    const refreshed = await runConnection(connection(), world.host, options(world, { refresh: true }));
    expect(refreshed.view.streams.map(({ read }) => read)).toEqual([25, 25]);
  });

  test('sends each row to an action if the target is an integration', async () => {
    await using world = await openHost();
    const target = {
      connector: 'c8-integration-board',
      config: { token: 'board-secret' },
      action: 'say',
      input: { text: 'row {{id}}' },
    };
    const { view } = await runConnection(
      connection({ rows: 2 }, { target, streams: ['list-1'] }),
      world.host,
      options(world),
    );
    expect(view.status).toBe('done');
    expect(world.said.map(({ text }) => text)).toEqual(['row 1', 'row 2']);
  });
});

describe('a run', () => {
  test('emits each event together with the resulting view', async () => {
    await using world = await openHost();
    const seen: string[] = [];
    await runConnection(connection({}, { streams: ['list-1'] }), world.host, {
      ...options(world),
      onEvent: ({ type }, run) => seen.push(`${type} ${run.view().status} ${run.stream('list-1')?.written}`),
    });
    expect(seen[0]).toBe('planned running 0');
    expect(seen).toContain('state_saved running 25');
    expect(seen.at(-1)).toBe('finished done 25');
  });

  test('shows no secret in its events, its view and its record', async () => {
    await using world = await openHost();
    const events: RunEvent[] = [];
    const records: RunRecord[] = [];
    const { view } = await runConnection(connection({ fails: 'read' }), world.host, {
      ...options(world),
      onEvent: (event) => events.push(event),
      onRecord: async (record) => void records.push(record),
    });
    const text = JSON.stringify([events, view, records]);
    expect(text).toContain('row 10 is bad, says [secret]');
    expect(text).not.toContain('quite-secret');
  });

  test('that cannot begin has failed as a whole, with the error itself beside the view', async () => {
    await using world = await openHost();
    const refused = await runConnection(connection({ fails: 'discover' }), world.host, options(world));
    expect(refused.thrown).toMatchObject({ code: 'login_refused' });
    expect(refused.view).toMatchObject({
      run: null,
      status: 'failed',
      failures: [
        { streams: [], error: { code: 'login_refused', message: 'login refused with [secret]', exitCode: 3 } },
      ],
    });
    const wrong = await runConnection(connection({ rows: 'many' }), world.host, options(world));
    expect(wrong.thrown).toMatchObject({ problems: [{ property: 'source.config.rows' }] });
  });

  test('that is stopped before it begins was stopped and has not failed', async () => {
    await using world = await openHost();
    const stop = createStop();
    stop.request();
    const { view } = await runConnection(connection({ fails: 'discover' }), world.host, options(world, { stop }));
    expect(view).toMatchObject({ status: 'stopped', failures: [] });
  });

  test('has a record for its host to keep, unless another run has the state', async () => {
    await using world = await openHost();
    const records: RunRecord[] = [];
    const onRecord = async (record: RunRecord) => void records.push(record);
    await runConnection(connection({ fails: 'read' }), world.host, options(world, { onRecord }));
    await using _held = await openFileState(join(world.folder, 'state.json'));
    const { view } = await runConnection(connection(), world.host, options(world, { onRecord }));
    expect(view.failures).toMatchObject([{ streams: [], error: { code: 'state_locked' } }]);
    expect(records).toMatchObject([
      {
        status: 'failed',
        connection: 'numbers',
        source: { connector: 'c8-source-lists', version: '1.2.3' },
        target: { connector: 'c8-target-shelf', version: '0.0.7' },
        streams: [
          { stream: 'list-1', method: 'FULL_TABLE', read: 10, error: { code: 'value_refused' } },
          { status: 'done' },
        ],
        error: { code: 'value_refused' },
      },
    ]);
  });
});
