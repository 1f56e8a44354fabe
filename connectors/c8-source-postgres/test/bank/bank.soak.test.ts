// Takes about 250 s.
import { test } from 'vitest';
import { followBank } from './follow-bank.ts';

const seed = Number(process.env.C8_BANK_SEED ?? Math.floor(Math.random() * 2 ** 31));

test(`the sum of a bank is the same after each of 10,000 commits, though the copy and the log are killed a hundred times, with C8_BANK_SEED=${seed}`, async () => {
  await followBank({ seed, kills: 100, transfers: 10_000 });
}, 900_000);
