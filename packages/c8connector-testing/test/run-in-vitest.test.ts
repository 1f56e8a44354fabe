import { afterEach, expect, test, vi } from 'vitest';
import { MemorySource } from '../../c8connector/test/fixtures/memory-source.ts';
import { type Check, Finding, NotRunnable, testSource } from '../src/index.ts';
import { runOrSkip } from '../src/run-in-vitest.ts';

afterEach(() => vi.restoreAllMocks());

function checkThat(run: () => Promise<void>): Check<undefined> {
  return { number: 99, title: 'a rule holds', where: 'the rule', run };
}

test('a check that cannot run is skipped with its reason printed', async () => {
  const info = vi.spyOn(console, 'info').mockReturnValue();
  const check = checkThat(async () => {
    throw new NotRunnable('no stream is empty');
  });
  expect(await runOrSkip(check, undefined, {})).toBe('no stream is empty');
  expect(info).toHaveBeenCalledWith('skipped 99 a rule holds: no stream is empty');
});

test('a check that the author skips is not run, and its reason is printed', async () => {
  const info = vi.spyOn(console, 'info').mockReturnValue();
  const run = vi.fn<() => Promise<void>>();
  expect(await runOrSkip(checkThat(run), undefined, { 99: 'the server cannot' })).toBe('the server cannot');
  expect(run).not.toHaveBeenCalled();
  expect(info).toHaveBeenCalledWith('skipped 99 a rule holds: the server cannot');
});

test('a finding names the rule, what was expected, what was found and where to look', async () => {
  const check = checkThat(async () => {
    throw new Finding('one', 'two');
  });
  await expect(runOrSkip(check, undefined, {})).rejects.toThrow(
    '99 a rule holds\n  expected: one\n  found: two\n  look at: the rule',
  );
});

test('an error of the connector is a finding that keeps it as its cause', async () => {
  const error = new TypeError('x is not a function');
  const check = checkThat(async () => {
    throw error;
  });
  await expect(runOrSkip(check, undefined, {})).rejects.toMatchObject({
    found: 'TypeError: x is not a function',
    cause: error,
  });
});

test.each([
  [{ 999: 'no reason at all' }, 'skip: there is no check 999'],
  [{ 32: ' ' }, 'skip: check 32 is skipped without a reason'],
])('a skip of %o is refused', (skip, message) => {
  expect(() => testSource({ connector: MemorySource, config: {}, skip })).toThrow(message);
});
