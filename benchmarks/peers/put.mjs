import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** A client that is already running when it is asked to upload, in a process of its own, since the server of the benchmark runs in that of the benchmark. The first message is the address of the server. */
let client;
process.on('message', async (message) => {
  if (client === undefined) {
    client = new S3Client(message);
    return;
  }
  const { path, ...object } = message;
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await client.send(new PutObjectCommand({ ...object, Body: await readFile(path) }));
  const { user, system } = process.cpuUsage(before);
  process.send({ wall: (performance.now() - startedAt) / 1000, user: user / 1e6, system: system / 1e6 });
});
