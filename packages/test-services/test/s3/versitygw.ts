import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { freePort } from '../../src/server-process.ts';
import { createTemporaryDirectory } from '../../src/temporary-directory.ts';
import { connect, type ProbedServer } from './client.ts';

/** A real S3 server from github.com/versity/versitygw (1.8.0 was tried), which keeps metadata beside the objects. */
export async function startVersitygw(program: string): Promise<ProbedServer> {
  const directory = await createTemporaryDirectory('test-versitygw');
  const objects = join(directory.path, 'objects');
  const sidecar = join(directory.path, 'sidecar');
  await Promise.all([mkdir(objects), mkdir(sidecar)]);
  const port = await freePort();
  const server = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    accessKey: 'probe',
    secretAccessKey: randomBytes(16).toString('hex'),
  };
  const flags = ['--port', `127.0.0.1:${port}`, '--access', server.accessKey, '--secret', server.secretAccessKey];
  const child = spawn(program, [...flags, 'posix', '--sidecar', sidecar, objects], { stdio: 'ignore' });
  directory.owns(child.pid);
  while (!(await fetch(server.endpoint).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    await sleep(20);
  }
  return {
    ...server,
    async createBucket() {
      const Bucket = 'test-probe';
      await connect(server).send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      directory.owns(undefined);
      await directory.remove();
    },
  };
}
