import { createHash, randomUUID } from 'node:crypto';
import { appendFile, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32Of } from '../c8_target_s3/checksum.ts';
import type { ListedObject, Store, Upload, WrittenObject } from '../c8_target_s3/store.ts';

/** The folder for incomplete objects. */
const draftFolder = '.uploads';

/** A store in a folder of a disk. Objects appear by a rename or a link, so that each is either complete or absent. */
export function folderStore(root: string): Store {
  const pathOf = (key: string) => join(root, key);
  const newDraft = async (key: string): Promise<string> => {
    const draft = join(root, draftFolder, `${encodeURIComponent(key)} ${randomUUID()}`);
    await mkdir(dirname(draft), { recursive: true });
    await writeFile(draft, '');
    return draft;
  };
  return {
    upload: ({ key }) => upload(() => newDraft(key), pathOf(key)),
    async putIfAbsent({ key }, body) {
      const draft = await newDraft(key);
      await writeFile(draft, body);
      await mkdir(dirname(pathOf(key)), { recursive: true });
      try {
        await link(draft, pathOf(key));
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        return false;
      } finally {
        await rm(draft);
      }
    },
    list: (prefix) => list(root, prefix),
    async read(key) {
      return await readFile(pathOf(key)).catch(() => undefined);
    },
    async delete(keys) {
      for (const key of keys) await rm(pathOf(key), { force: true });
      return [];
    },
    async abortUploads(prefix, isLeft) {
      for (const name of await readdir(join(root, draftFolder)).catch(() => [])) {
        const key = decodeURIComponent(name.split(' ')[0] ?? '');
        if (key.startsWith(prefix) && isLeft(key)) await rm(join(root, draftFolder, name));
      }
    },
    provesNothingStored: () => false,
    [Symbol.dispose]() {},
  };
}

function upload(newDraft: () => Promise<string>, path: string): Upload {
  let draft: string | undefined;
  return {
    async write(bytes) {
      draft ??= await newDraft();
      await appendFile(draft, bytes);
    },
    async close(): Promise<WrittenObject> {
      const whole = draft ?? (await newDraft());
      await mkdir(dirname(path), { recursive: true });
      await rename(whole, path);
      draft = undefined;
      const bytes = await readFile(path);
      const etag = createHash('md5').update(bytes).digest('hex');
      return { bytes: bytes.length, etag, crc32: crc32Of(bytes) };
    },
    async [Symbol.asyncDispose]() {
      if (draft !== undefined) await rm(draft, { force: true });
    },
  };
}

async function* list(root: string, prefix: string): AsyncGenerator<ListedObject> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  const keys = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((key) => key.startsWith(prefix) && !key.startsWith(draftFolder));
  for (const key of keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))))
    yield { key, bytes: (await stat(join(root, key))).size };
}
