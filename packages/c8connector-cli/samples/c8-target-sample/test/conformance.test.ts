import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testTarget } from 'c8connector-testing';
import { afterAll } from 'vitest';
import { SampleTarget } from '../c8_target_sample/index.ts';
import { readBack } from './read-back.ts';

const folder = await mkdtemp(join(tmpdir(), 'c8-target-sample-'));
afterAll(() => rm(folder, { recursive: true }));

testTarget({
  connector: SampleTarget,
  config: { folder },
  packageFolder: new URL('..', import.meta.url),
  unreachable: { folder: join(folder, 'missing') },
  readBack: (stream) => readBack(folder, stream),
});
