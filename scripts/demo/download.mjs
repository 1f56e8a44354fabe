import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Copies objects to files, and gives their paths in the same order. */
export async function download(s3, bucket, objects, folder) {
  return await Promise.all(
    objects.map(async ({ key }) => {
      const file = join(folder, key.replaceAll('/', '_'));
      await writeFile(file, await s3.read(bucket, key));
      return file;
    }),
  );
}
