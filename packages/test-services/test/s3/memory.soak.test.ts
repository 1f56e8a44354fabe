// Takes about 8 s.
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { startS3 } from '../../src/s3/server.ts';
import { connect } from './client.ts';

it('keeps large objects out of memory', async () => {
  await using server = await startS3();
  const client = connect(server);
  const target = { Bucket: server.createBucket(), Key: 'large' };
  const size = 160 * 1024 ** 2;
  const before = process.memoryUsage().rss;
  const Body = Readable.from(pieces(size));
  await client.send(new PutObjectCommand({ ...target, Body, ContentLength: size }));
  const got = await client.send(new GetObjectCommand(target));
  let read = 0;
  for await (const chunk of got.Body as Readable) read += (chunk as Buffer).length;
  expect(read).toBe(size);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 ** 2);
  client.destroy();
});

function* pieces(size: number): Generator<Buffer> {
  const piece = Buffer.alloc(64 * 1024, 'a');
  for (let sent = 0; sent < size; sent += piece.length) yield piece;
}
