import { test } from 'vitest';
import { describeServers } from '../harness.ts';
import { killWhileWritten } from './kill-while-written.ts';
import { ways } from './killed-copies.ts';

describeServers('a killed copy', (server) => {
  test.concurrent.each(Object.entries(ways))(
    'of a table that is copied %s has all its rows, though somebody writes',
    async (_way, way) => {
      await killWhileWritten(server, way, { seed: Math.floor(Math.random() * 2 ** 31), kills: 1 });
    },
    120_000,
  );
});
