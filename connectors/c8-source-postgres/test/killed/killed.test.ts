import { test } from 'vitest';
import { killWhileWritten } from './kill-while-written.ts';
import { ways } from './killed-copies.ts';

test.concurrent.each(Object.entries(ways))(
  'a table that is copied %s has all its rows, though the copy is killed while somebody writes',
  async (_way, way) => {
    await killWhileWritten(way, { seed: Math.floor(Math.random() * 2 ** 31), kills: 1 });
  },
  120_000,
);
