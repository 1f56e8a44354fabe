import { expect, test } from 'vitest';
import { openMemoryStateStore, type Progress, type StateStore, silentLog } from '../../src/index.ts';
import { durablePositions } from '../../src/run/durable-positions.ts';

const followed = (lsn: number): Progress => ({
  method: 'LOG_BASED',
  phase: 'following',
  copy: 1,
  version: 1,
  logPosition: { lsn },
});

/** A store that knows one stream, `old`, which is ahead of where `joined` begins, and what is asked for while `joined` is begun. */
async function whileBegun(isStoredMeanwhile: boolean) {
  const store = openMemoryStateStore();
  const { state } = await store.begin({ run: 'run', place: 'place', streams: ['old', 'joined'] });
  const put = async (stream: string, progress: Progress): Promise<void> => {
    const { epoch } = await store.claim(stream, state.generation);
    await store.put(stream, epoch, stream, progress);
  };
  await put('old', followed(50));
  const beginning = new Set<string>();
  const slow: StateStore = {
    ...store,
    async loadDurable() {
      beginning.add('joined');
      const known = await store.loadDurable();
      if (!isStoredMeanwhile) return known;
      await put('joined', followed(40));
      beginning.delete('joined');
      return known;
    },
  };
  return await durablePositions({ store: slow, beginning, log: silentLog });
}

test('nothing of a log is confirmed if a stream joined while the store was answering', async () => {
  expect(await whileBegun(false)).toBeUndefined();
});

test('a log is retained for a stream that began while the store was answering', async () => {
  expect(await whileBegun(true)).toEqual({ old: { lsn: 50 }, joined: { lsn: 40 } });
});
