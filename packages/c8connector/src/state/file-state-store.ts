/// <reference lib="esnext.disposable" preserve="true" />
import { readFile } from 'node:fs/promises';
import type { ColumnStore } from './column-store.ts';
import { newConnectionState } from './connection-state.ts';
import { connectionStore } from './connection-store.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { StateStore } from './state-store.ts';
import { writeFileAtomically } from './write-file.ts';

export interface FileState extends AsyncDisposable {
  readonly store: StateStore;
  readonly columns: ColumnStore;
  readonly deliveries: DeliveryLog;
}

export async function openFileState(path: string): Promise<FileState> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const initial = text === undefined ? newConnectionState(Date.now()) : JSON.parse(text);
  const store = connectionStore(initial, {
    save: (state) => writeFileAtomically(path, JSON.stringify(state)),
    close: async () => undefined,
    now: Date.now,
  });
  return {
    store,
    columns: { keep: async () => undefined },
    deliveries: {
      open: async () => ({
        has: () => false,
        add: async () => {},
        border: async () => false,
        [Symbol.asyncDispose]: async () => {},
      }),
      retain: async () => {},
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
