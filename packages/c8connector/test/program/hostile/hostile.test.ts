import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHostile } from './hostile-run.ts';
import { hostileInputs as inputs } from './inputs.ts';

let config: string;
beforeAll(async () => {
  config = join(await mkdtemp(join(tmpdir(), 'hostile-')), 'config.json');
  await writeFile(config, '{}');
});
afterAll(async () => {
  await rm(join(config, '..'), { recursive: true });
});

const seconds = 5;
const megabytes = 500;

describe('a small input that could be costly is stored within five seconds and 500 MB:', () => {
  test.each<[string, () => Iterable<string>, number]>([
    ['2^30 references by anyOf', () => inputs.references(30), 1],
    ['2^400 references by allOf', () => inputs.references(400, 'allOf'), 1],
    ['a chain of 100,000 references', () => inputs['chained references'](100_000), 1],
    ['lists 12 deep', () => inputs['nested lists'](12), 1],
    ['lists 900 deep', () => inputs['nested lists'](900), 1],
    ['values 990 deep', () => inputs['nested values'](990), 100],
    ['20,000 columns', () => inputs.columns(20_000), 3],
    ['two of 20,000 columns in 50,000 records', () => inputs['few of many columns'](50_000), 50_000],
    ['new keys in 100,000 records', () => inputs['new keys in each record'](100_000), 100_000],
    ['unknown columns in 200,000 records', () => inputs['unknown columns in each record'](200_000), 200_000],
    ['200,000 unknown types', () => inputs['unknown types'](200_000), 0],
    ['1,000 streams that take turns', () => inputs['streams that take turns'](100_000), 100_000],
    ['20,000 schemas', () => inputs.schemas(20_000), 0],
    ['100,000 states', () => inputs.states(100_000), 0],
    ['a state of 60 MB', () => inputs['a large state'](60), 0],
    ['a state of 60 MB with a decimal', () => inputs['a large state'](60, ',"at":1.50'), 0],
    ['a state of 60 MB with a letter that has two bytes', () => inputs['a large state'](60, ',"at":1.50,"c":"я"'), 0],
    ['a state of a million lists', () => inputs['a state of lists'](1_000_000), 0],
    ['a state of 500,000 keys', () => inputs['a state of many keys'](500_000), 0],
    ['a schema of 900,000 lists', () => inputs['a schema of lists'](900_000), 0],
    ['a state of 200,000 numbers', () => inputs['a state of many numbers'](200_000), 0],
    ['a line of 63 MB', () => inputs['a long line'](63), 1],
    ['numbers of 10 million digits', () => inputs['a long number'](10), 0],
    ['a key of 10 MB', () => inputs['a long key'](10), 2],
    ['20 MB of halves of surrogate pairs', () => inputs['halves of surrogate pairs'](20), 1],
    ['a million blank lines', () => inputs['blank lines'](1_000_000), 0],
  ])('%s', { timeout: 120_000 }, async (_, lines, rows) => {
    const run = await runHostile(lines(), config);
    expect(run).toMatchObject({ code: 0, rows });
    expect(run.seconds).toBeLessThan(seconds);
    expect(run.megabytes).toBeLessThan(megabytes);
    // A warning for each record would fill a disk.
    expect(run.stderr.length).toBeLessThan(5000);
  });
});

describe('an input beyond a limit is refused by name, early and cheaply:', () => {
  test.each<[string, () => Iterable<string>, string]>([
    ['100,000 columns', () => inputs.columns(100_000), 'it has 100000 columns, and 20000 are the most'],
    ['a million streams', () => inputs.streams(1_000_000), 'it is one stream more than 10000'],
    ['values 1,001 deep', () => inputs['nested values'](1001), 'it is nested deeper than 1000 levels'],
    ['values 100,000 deep', () => inputs['nested values'](100_000), 'it is nested deeper than 1000 levels'],
    [
      'a state of 60 MB of lists',
      () => inputs['a state of lists'](20_000_000),
      'line 1: it holds more than 1000000 values',
    ],
    ['a schema of 60 MB of lists', () => inputs['a schema of lists'](20_000_000), 'it holds more than 1000000 values'],
    [
      'a version of 60 MB of lists',
      () => inputs['a version of lists'](20_000_000),
      'is not a number of 64 bits: [[],[]',
    ],
    ['a line of 65 MB', () => inputs['a long line'](65), 'line 2: it is longer than 64 MB'],
    ['a stream of 10 MB without its SCHEMA', () => inputs['a long name'](10), 'line 3: a RECORD of the stream \\"kkkk'],
  ])('%s', { timeout: 120_000 }, async (_, lines, message) => {
    const run = await runHostile(lines(), config);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(message);
    expect(run.seconds).toBeLessThan(seconds);
    expect(run.megabytes).toBeLessThan(megabytes);
    expect(run.stderr.length).toBeLessThan(5000);
  });
});

describe('a signal ends the program, whatever it is reading:', () => {
  test.concurrent.each<[string, () => Iterable<string>, number]>([
    ['new keys without end', () => inputs['new keys in each record'](Number.POSITIVE_INFINITY), 1000],
    ['streams that take turns without end', () => inputs['streams that take turns'](Number.POSITIVE_INFINITY), 1500],
    ['schemas without end', () => inputs.schemas(Number.POSITIVE_INFINITY), 2000],
    ['states without end', () => inputs.states(Number.POSITIVE_INFINITY), 1000],
    ['blank lines without end', () => inputs['blank lines'](Number.POSITIVE_INFINITY), 1000],
    ['a large state', () => inputs['a large state'](40), 300],
  ])('%s', { timeout: 120_000 }, async (_, lines, after) => {
    const run = await runHostile(lines(), config, after);
    expect([0, 143]).toContain(run.code);
    // Five seconds are left to the input, and as many to the last flush.
    if (run.code === 143) expect(run.stoppedAfter).toBeLessThan(13_000);
    expect(run.megabytes).toBeLessThan(megabytes);
  });
});
