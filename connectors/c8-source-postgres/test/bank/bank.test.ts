import { test } from 'vitest';
import { followBank } from './follow-bank.ts';

const seed = Math.floor(Math.random() * 2 ** 31);

test(`the sum of a bank is the same after each commit, though the copy and the log are killed, with the seed ${seed}`, async () => {
  await followBank({ seed, kills: 2, transfers: 50 });
}, 120_000);
