import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHostile } from './hostile-run.ts';

const seconds = 5;
const megabytes = 500;

/** Writes an empty config before the tests of a file, and returns the function that gives its path. */
export function emptyConfig(): () => string {
  let config: string;
  beforeAll(async () => {
    config = join(await mkdtemp(join(tmpdir(), 'hostile-')), 'config.json');
    await writeFile(config, '{}');
  });
  afterAll(async () => {
    await rm(join(config, '..'), { recursive: true });
  });
  return () => config;
}

/** Tests inputs by their names: their lines, and the rows that are stored of them. */
export function testStored(cases: readonly [string, () => Iterable<string>, number][]): void {
  const config = emptyConfig();

  describe('a small input that could be costly is stored within five seconds and 500 MB:', () => {
    test.each(cases)('%s', { timeout: 120_000 }, async (_, lines, rows) => {
      const run = await runHostile(lines(), config());
      expect(run).toMatchObject({ code: 0, rows });
      expect(run.seconds).toBeLessThan(seconds);
      expect(run.megabytes).toBeLessThan(megabytes);
      // A warning for each record would fill a disk.
      expect(run.stderr.length).toBeLessThan(5000);
    });
  });
}

/** Tests inputs by their names: their lines, and what the error says. */
export function testRefused(cases: readonly [string, () => Iterable<string>, string][]): void {
  const config = emptyConfig();

  describe('an input beyond a limit is refused by name, early and cheaply:', () => {
    test.each(cases)('%s', { timeout: 120_000 }, async (_, lines, message) => {
      const run = await runHostile(lines(), config());
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(message);
      expect(run.seconds).toBeLessThan(seconds);
      expect(run.megabytes).toBeLessThan(megabytes);
      expect(run.stderr.length).toBeLessThan(5000);
    });
  });
}

/** Tests inputs by their names: their lines, and the milliseconds of reading after which the signal comes. */
export function testEnded(cases: readonly [string, () => Iterable<string>, number][]): void {
  const config = emptyConfig();

  describe('a signal ends the program, whatever it is reading:', () => {
    test.concurrent.each(cases)('%s', { timeout: 120_000 }, async (_, lines, after) => {
      const run = await runHostile(lines(), config(), after);
      expect([0, 143]).toContain(run.code);
      // Five seconds are left to the input, and as many to the last flush.
      if (run.code === 143) expect(run.stoppedAfter).toBeLessThan(13_000);
      expect(run.megabytes).toBeLessThan(megabytes);
    });
  });
}
