import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { UnitState } from '../../src/interface/progress.ts';
import { begin } from '../../src/replication/methods.ts';
import type { FileState } from '../../src/state/file-state-store.ts';
import { type End, lossyFiles } from '../fixtures/lossy-files.ts';

const folder = '/somewhere';
const path = `${folder}/orders.state.json`;

let files: ReturnType<typeof lossyFiles>;
let openFileState: (path: string) => Promise<FileState>;
let opened: FileState[];
beforeEach(async () => {
  files = lossyFiles(folder, await vi.importActual('node:fs/promises'));
  vi.doMock('node:fs/promises', () => files.api);
  vi.resetModules();
  ({ openFileState } = await import('../../src/state/file-state-store.ts'));
  opened = [];
});
afterEach(async () => {
  await Promise.allSettled(opened.map((state) => state[Symbol.asyncDispose]()));
  vi.doUnmock('node:fs/promises');
  vi.resetModules();
});

async function open(): Promise<FileState> {
  const state = await openFileState(path);
  opened.push(state);
  return state;
}

/** Opens the state as a process does that is started after the other one died. */
async function reopen(end: End = 'power failure'): Promise<FileState> {
  files.crash(end);
  files.remove(`${path}.lock`);
  return await open();
}

async function beginCopy({ store }: FileState) {
  const { state } = await store.begin({ run: 'first', place: 'here', streams: ['a'] });
  const { epoch } = await store.claim('a/begin', state.generation);
  const version = await store.version('a/begin', epoch);
  await store.put('a/begin', epoch, 'a', begin({ method: 'FULL_TABLE' }, version));
  const claim = await store.claim('a/copy/0', state.generation);
  const at = (position: object | undefined): UnitState => ({
    patches: {
      a: { kind: 'range', copy: version, range: 0, ...(position === undefined ? { isDone: true } : { position }) },
    } as UnitState['patches'],
  });
  return { version, commit: (position?: object) => store.commit('a/copy/0', claim.epoch, at(position)), ...claim };
}

const positionIn = async ({ store }: FileState) =>
  Object.values((await store.load()).streams).map((progress) =>
    'ranges' in progress ? progress.ranges[0]?.position : undefined,
  )[0];

describe('after a power failure', () => {
  test('the beginning of a run is stored', async () => {
    const state = await open();
    const { run } = await state.store.begin({ run: 'first', place: 'here', streams: [] });
    const { connection } = await state.store.load();
    expect(await (await reopen()).store.load()).toMatchObject({ run: { id: run }, place: 'here', connection });
  });

  test('each position is stored once its commit has resolved', async () => {
    let state = await open();
    const { commit } = await beginCopy(state);
    await commit({ id: 1 });
    await commit({ id: 2 });
    state = await reopen();
    expect(await positionIn(state)).toEqual({ id: 2 });
  });

  test('the end of a run is stored with all changes that could wait, and no epoch or version is used again', async () => {
    const state = await open();
    const { commit, version, epoch } = await beginCopy(state);
    await commit();
    await state.columns.keep('a', { id: 'long' });
    await state.store.finish('first');
    const next = await reopen();
    const { run, streams, generation } = await next.store.load();
    expect([run, streams.a]).toEqual([
      undefined,
      expect.objectContaining({ ranges: [{ from: null, to: null, isDone: true }] }),
    ]);
    expect(await next.columns.keep('a', { id: 'long' })).toEqual({ id: 'long' });
    const claim = await next.store.claim('a/begin', generation);
    expect(claim.epoch).toBeGreaterThan(epoch);
    expect(await next.store.version('a/begin', claim.epoch)).toBeGreaterThan(version);
  });

  test('an epoch that a claim returned before anything else was stored is not used again, even if the clock goes back', async () => {
    const state = await open();
    const { state: begun } = await state.store.begin({ run: 'first', place: 'here', streams: [] });
    const given = [];
    for (let unit = 0; unit < 5; unit++) given.push((await state.store.claim(`${unit}`, begun.generation)).epoch);
    vi.spyOn(Date, 'now').mockReturnValue(5);
    const { store } = await reopen();
    expect((await store.claim('0', begun.generation)).epoch).toBeGreaterThan(Math.max(...given));
    vi.restoreAllMocks();
  });

  test('each entry of the delivery log is stored, also the first one, and so is each boundary', async () => {
    const state = await open();
    const ledger = await state.deliveries.open('x', null);
    await ledger.add({ stream: 'a', row: '[1]' });
    const again = await (await reopen()).deliveries.open('x', null);
    expect(again.has({ stream: 'a', row: '[1]' })).toBe(true);
    await again.add({ stream: 'a', row: 'hash#1' });
    await again.markBoundary({
      patches: { a: { kind: 'range', copy: 1, range: 0, position: { id: 1 } } },
    } as UnitState);
    await again.add({ stream: 'a', row: '[2]' });
    const third = await (await reopen()).deliveries.open('x', { id: 1 });
    const rows = ['[1]', '[2]', 'hash#1'];
    expect(rows.map((row) => third.has({ stream: 'a', row }))).toEqual([true, true, false]);
  });

  test('the copy to which an entry of the delivery log belongs is stored', async () => {
    const state = await open();
    const { version } = await beginCopy(state);
    const ledger = await state.deliveries.open(`a/copy/0@${version}`, null);
    await ledger.add({ stream: 'a', row: '[1]' });
    expect((await (await reopen()).store.load()).streams.a).toMatchObject({ copy: version });
  });

  test('what the delivery log retains is stored', async () => {
    const state = await open();
    for (const scope of ['x', 'y']) {
      const ledger = await state.deliveries.open(scope, null);
      await ledger.add({ stream: 'a', row: '[1]' });
    }
    await state.deliveries.retain(new Set(['x']));
    const ledger = await state.deliveries.open('x', null);
    await ledger.add({ stream: 'a', row: '[2]' });
    const again = await (await reopen()).deliveries.open('x', null);
    expect(['[1]', '[2]'].map((row) => again.has({ stream: 'a', row }))).toEqual([true, true]);
  });

  test('the backup of the previous format exists once the file is rewritten', async () => {
    const text = '{"bookmarks":{},"c8_epoch":5}';
    files.put(path, text);
    const state = await open();
    await state.store.begin({ run: 'first', place: 'here', streams: [] });
    files.crash('power failure');
    expect([files.read(`${path}.v1`), files.read(path)]).toEqual([text, expect.stringContaining('"format": 2')]);
  });
});

describe.each<End>(['kill', 'power failure', 'power failure after the names'])('a %s at any moment', (end) => {
  test('leaves either the old state or the new one, and nothing else', async () => {
    for (let more = 0; ; more++) {
      files.put(path, '{"bookmarks":{},"c8_epoch":5}');
      const state = await open();
      const { commit } = await beginCopy(state);
      await commit({ id: 1 });
      files.failAfter(more);
      const isDone = await commit({ id: 2 }).then(
        () => true,
        () => false,
      );
      const next = await reopen(end);
      const position = await positionIn(next);
      expect([{ id: 1 }, { id: 2 }]).toContainEqual(position);
      if (isDone) expect(position).toEqual({ id: 2 });
      await next.store.begin({ run: 'next', place: 'here', streams: ['a'] });
      await next[Symbol.asyncDispose]();
      expect(await files.api.readdir(folder)).toEqual(
        expect.arrayContaining(['orders.state.json', 'orders.state.json.v1']),
      );
      expect(await files.api.readdir(folder)).toHaveLength(2);
      if (isDone) return;
    }
  });

  test('leaves a delivery log that can be read, with all entries that were added', async () => {
    for (let more = 0; ; more++) {
      const state = await open();
      await state.deliveries.retain(new Set());
      const ledger = await state.deliveries.open('x', null);
      const gone = await state.deliveries.open('y', null);
      await ledger.add({ stream: 'a', row: '[1]' });
      await gone.add({ stream: 'a', row: '[1]' });
      files.failAfter(more);
      const steps = [() => ledger.add({ stream: 'a', row: '[2]' }), () => state.deliveries.retain(new Set(['x']))];
      let done = 0;
      for (const step of steps) {
        const isDone = await step().then(
          () => true,
          () => false,
        );
        if (!isDone) break;
        done += 1;
      }
      const next = await reopen(end);
      const again = await next.deliveries.open('x', null);
      expect(again.has({ stream: 'a', row: '[1]' })).toBe(true);
      if (done > 0) expect(again.has({ stream: 'a', row: '[2]' })).toBe(true);
      await next[Symbol.asyncDispose]();
      if (done === steps.length) return;
    }
  });
});

test('a run that lost its lock between the check and the rename does not replace the file', async () => {
  const state = await open();
  const { commit } = await beginCopy(state);
  await commit({ id: 1 });
  let other: FileState | undefined;
  files.beforeNextRename(async () => {
    other = await reopen('kill');
    await other.store.begin({ run: 'other', place: 'there', streams: ['a'] });
  });
  await expect(commit({ id: 2 })).rejects.toMatchObject({ code: 'claim_lost' });
  expect(JSON.parse(files.read(path) ?? '').c8.place).toBe('there');
  // From then on nothing is promised that could be written later, and no call to a service follows another.
  await expect(commit()).rejects.toMatchObject({ code: 'claim_lost' });
  const ledger = await state.deliveries.open('x', null);
  await expect(ledger.add({ stream: 'a', row: '[1]' })).rejects.toMatchObject({ code: 'claim_lost' });
  const again = await other?.deliveries.open('x', null);
  expect(again?.has({ stream: 'a', row: '[1]' })).toBe(true);
});

test('a process that finds a dead lock while another one takes it over does not get it as well', async () => {
  const dead = { id: 'x', host: 'gone', pid: 1, startedAt: '5', namespace: 'another', lease: 50 };
  files.put(`${path}.lock`, `${JSON.stringify(dead)}\n0000000000000000\n`);
  let second: Promise<FileState> | undefined;
  files.beforeNextRename(async () => {
    second = open();
    await second.catch(() => undefined);
  });
  const first = await open();
  await expect(second).rejects.toMatchObject({ code: 'state_locked' });
  await first.store.begin({ run: 'first', place: 'here', streams: [] });
});

describe('a full disk', () => {
  test('rejects what needs room with disk_full, at whatever byte the space ends, and keeps the earlier content', async () => {
    const state = await open();
    const { commit } = await beginCopy(state);
    await commit({ id: 1 });
    const before = files.read(path) ?? '';
    for (let room = 0; room < before.length; room += 37) {
      files.limit(room);
      await expect(commit({ id: 2 })).rejects.toMatchObject({ code: 'disk_full', exitCode: 1 });
      expect(files.read(path)).toBe(before);
      expect(await files.api.readdir(folder)).toHaveLength(2);
    }
    files.limit(Number.POSITIVE_INFINITY);
    await commit({ id: 3 });
    expect(await positionIn(await reopen())).toEqual({ id: 3 });
  });

  test('of the delivery log is disk_full, too, and the log continues after it once there is room', async () => {
    const state = await open();
    const ledger = await state.deliveries.open('x', null);
    await ledger.add({ stream: 'a', row: '[0]' });
    for (let room = 0; room < 30; room++) {
      files.limit(room);
      await expect(ledger.add({ stream: 'a', row: '[1]' })).rejects.toMatchObject({ code: 'disk_full' });
      files.limit(Number.POSITIVE_INFINITY);
      await ledger.add({ stream: 'a', row: `[${2 + room}]` });
    }
    const again = await (await reopen()).deliveries.open('x', null);
    const missing = Array.from({ length: 30 }, (_, room) => `[${2 + room}]`).filter(
      (row) => !again.has({ stream: 'a', row }),
    );
    expect(missing).toEqual([]);
  });
});
