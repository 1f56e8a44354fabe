/// <reference lib="esnext.disposable" preserve="true" />
import fs from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

/** What a power failure loses: everything that was not synced, or only bytes while all file names are kept, as in some file systems. */
export type Loss = 'what was not synced' | 'bytes that were not synced';

/** Tracks which bytes and names of some folders were synced. */
export interface SyncedFolders extends Disposable {
  /** Tracks what is synced in a folder from now on. Its current content counts as synced. */
  watch(folder: string): void;
  /** Creates in an empty folder what a power failure leaves of a watched one. */
  fail(folder: string, loss: Loss, into: string): Promise<void>;
}

/** The synced content of a watched folder. Files are identified by inode, since they are renamed. */
interface Synced {
  readonly folder: string;
  readonly bytes: Map<string, Buffer>;
  /** The names in each folder, by its inode. */
  readonly names: Map<string, ReadonlyMap<string, string>>;
}

/**
 * Observes the syncs of this process, with any function of `node:fs`, on the real file system. Data that was written but not synced stays visible, except in the copy that
 * `fail` makes.
 */
export async function syncedFolders(): Promise<SyncedFolders> {
  const watched: Synced[] = [];
  const note = (descriptor: number): void => {
    for (const synced of watched) noteSync(synced, descriptor);
  };
  const restore = await listenToSyncs(note);
  const knownOf = (folder: string): Synced => {
    const known = watched.find((synced) => synced.folder === folder);
    if (known === undefined) throw new Error(`${folder} is not watched`);
    return known;
  };
  return {
    watch(folder) {
      const synced: Synced = { folder, bytes: new Map(), names: new Map() };
      for (const { path, id, isFolder } of entriesOf(folder)) {
        if (isFolder) synced.names.set(id, namesIn(path));
        else synced.bytes.set(id, fs.readFileSync(path));
      }
      watched.push(synced);
    },
    async fail(folder, loss, into) {
      await copyLeft(knownOf(folder), folder, loss, into);
    },
    [Symbol.dispose]: restore,
  };
}

/** Calls `note` with the descriptor of each file or folder before it is synced. Returns a function that ends this. */
async function listenToSyncs(note: (descriptor: number) => void): Promise<() => void> {
  const handle = await open(import.meta.dirname, 'r');
  const handles = Object.getPrototypeOf(handle) as Record<'sync' | 'datasync', () => Promise<void>>;
  await handle.close();
  const { sync, datasync } = handles;
  const { fsync, fdatasync, fsyncSync, fdatasyncSync } = fs;
  const noting = <A extends [number, ...unknown[]], R>(real: (...given: A) => R) =>
    function noted(...given: A): R {
      note(given[0]);
      return real(...given);
    };
  const replace = (methods: object, functions: object): void => {
    Object.assign(handles, methods);
    Object.assign(fs, functions);
    syncBuiltinESMExports();
  };
  const ofHandle = (real: () => Promise<void>) =>
    async function noted(this: { readonly fd: number }): Promise<void> {
      note(this.fd);
      await real.call(this);
    };
  replace(
    { sync: ofHandle(sync), datasync: ofHandle(datasync) },
    {
      fsync: noting(fsync as (...given: [number, ...unknown[]]) => void),
      fdatasync: noting(fdatasync as (...given: [number, ...unknown[]]) => void),
      fsyncSync: noting(fsyncSync),
      fdatasyncSync: noting(fdatasyncSync),
    },
  );
  return () => replace({ sync, datasync }, { fsync, fdatasync, fsyncSync, fdatasyncSync });
}

function noteSync({ folder, bytes, names }: Synced, descriptor: number): void {
  const id = idOf(fs.fstatSync(descriptor, { bigint: true }));
  const entry = entriesOf(folder).find((each) => each.id === id);
  if (entry === undefined) return;
  if (entry.isFolder) names.set(id, namesIn(entry.path));
  else bytes.set(id, fs.readFileSync(entry.path));
}

interface Entry {
  readonly path: string;
  readonly id: string;
  readonly isFolder: boolean;
}

/** A folder and all that is in it. */
function entriesOf(folder: string): readonly Entry[] {
  const status = fs.statSync(folder, { bigint: true, throwIfNoEntry: false });
  // Another call may have removed it in the meantime.
  if (status === undefined) return [];
  const entry = { path: folder, id: idOf(status), isFolder: status.isDirectory() };
  if (!entry.isFolder) return [entry];
  return [entry, ...fs.readdirSync(folder).flatMap((name) => entriesOf(join(folder, name)))];
}

/** Identifies a file by inode and time of creation, since the number of an inode is reused after its file is removed. */
function idOf({ ino, birthtimeNs }: fs.BigIntStats): string {
  return `${ino} ${birthtimeNs}`;
}

function namesIn(folder: string): ReadonlyMap<string, string> {
  const own = fs.readdirSync(folder).flatMap((name): [string, string][] => {
    const [entry] = entriesOf(join(folder, name));
    return entry === undefined ? [] : [[name, entry.id]];
  });
  return new Map(own);
}

async function copyLeft(synced: Synced, folder: string, loss: Loss, into: string): Promise<void> {
  const [own] = entriesOf(folder);
  if (own === undefined) return;
  const names = loss === 'what was not synced' ? synced.names.get(own.id) : namesIn(folder);
  const folders = new Map(
    entriesOf(folder).flatMap(({ id, path, isFolder }) => (isFolder ? [[id, path] as const] : [])),
  );
  for (const [name, id] of names ?? []) {
    const inner = folders.get(id);
    if (inner === undefined) await writeFile(join(into, name), synced.bytes.get(id) ?? '');
    else {
      await mkdir(join(into, name));
      await copyLeft(synced, inner, loss, join(into, name));
    }
  }
}
