// Takes about 60 s.
import { describe, expect, test } from 'vitest';
import { runHostile } from './hostile-run.ts';
import { emptyConfig } from './hostile-tests.ts';
import { hostileInputs as inputs } from './inputs.ts';

const config = emptyConfig();

describe('twice the input is about twice the work:', () => {
  test.each<[string, (count: number) => Iterable<string>, number]>([
    ['chained references', inputs['chained references'], 200_000],
    ['few of many columns', inputs['few of many columns'], 100_000],
    ['new keys in each record', inputs['new keys in each record'], 100_000],
    ['unknown columns in each record', inputs['unknown columns in each record'], 200_000],
    ['streams that take turns', inputs['streams that take turns'], 50_000],
    ['schemas', inputs.schemas, 50_000],
    ['states', inputs.states, 100_000],
    ['a state of many numbers', inputs['a state of many numbers'], 150_000],
    ['a long line', inputs['a long line'], 30],
    ['a long number', inputs['a long number'], 10],
    ['halves of surrogate pairs', inputs['halves of surrogate pairs'], 15],
  ])('%s', { timeout: 300_000 }, async (_, make, count) => {
    const idle = await runHostile([], config());
    const one = await runHostile(make(count), config());
    const two = await runHostile(make(2 * count), config());
    // Work that grows with the square is four times as much.
    expect((two.seconds - idle.seconds) / Math.max(one.seconds - idle.seconds, 0.05)).toBeLessThan(3);
  });
});
