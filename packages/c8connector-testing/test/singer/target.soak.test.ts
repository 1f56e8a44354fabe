import { expect, test } from 'vitest';
import { outcomes, resultsOf } from './results.ts';

test('an honest target passes every check', async () => {
  const results = await resultsOf('target', {});
  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  const numbers = Array.from({ length: 16 }, (_, at) => 52 + at);
  expect(results.map(({ number }) => number)).toEqual([51, ...numbers, 68, 69, 70, 72]);
});

test('each case finds a target that fails at it', async () => {
  const only = [52, 53, 54, 55, 56, 58, 59, 60, 63, 65, 66, 67];
  const results = await resultsOf('target', { broken: 'crash' }, { only });
  for (const [index, result] of outcomes(results).entries())
    expect(result).toMatch(
      new RegExp(`^${only[index]} failed\nexit code 0 of a run with .*1; stderr ends with "it broke"`),
    );
});

test.each([
  [52, 'array_data', [52]],
  [66, 'back_and_forth', [66]],
])('%i finds a target that fails only at %s', async (_number, name, failed) => {
  const results = await resultsOf('target', { broken: `crash ${name}` }, { only: [52, 66] });
  expect(results.filter(({ status }) => status === 'failed').map(({ number }) => number)).toEqual(failed);
});

test('57, 61, 62 and 69 find a target that accepts invalid messages', async () => {
  const results = await resultsOf('target', { broken: 'lenient' }, { only: [57, 61, 62] });
  expect(outcomes(results)).toEqual(
    [57, 61, 62].map((number) => `${number} failed\nanother exit code than 0: 0: it was accepted`),
  );
  const [cut] = outcomes(await resultsOf('target', { broken: 'lenient' }, { only: [69] }));
  expect(cut).toMatch(/^69 failed\nno state from after the broken line/);
});

test('64 only warns of a target that does not look for required columns', async () => {
  const results = await resultsOf('target', { broken: 'no required' }, { only: [64] });
  expect(outcomes(results)).toEqual(['64 warned\nanother exit code than 0: 0: it was accepted']);
});

test.each([57, 61, 62, 64])('%i finds a state from after the refused message', async (number) => {
  const [result] = outcomes(await resultsOf('target', { broken: 'state behind' }, { only: [number] }));
  expect(result).toContain(`${number} failed\nno state from after the message that is refused`);
});

test.each([
  [51, 'empty state', 'nothing on stdout for empty input: "{}'],
  [51, 'log', 'nothing on stdout for empty input: "\\"done\\"'],
  [68, 'log', 'a state on each line of stdout: line 1: "\\"done\\""'],
  [68, 'message', 'line 1 is a STATE message'],
  [
    68,
    'own state',
    'only states that stood in the input on stdout: line 1: "{\\"bookmarks\\":{}}"'.replace(
      /"\{.*\}"/,
      '{"bookmarks":{}}',
    ),
  ],
  [68, 'order', 'states in the order of the input: line 2'],
  [68, 'first state', 'the last STATE of the input at the end of stdout'],
])('%i finds a target that is broken: %s', async (number, broken, found) => {
  const [result] = outcomes(await resultsOf('target', { broken }, { only: [number] }));
  expect(result).toMatch(new RegExp(`^${number} failed\n`));
  expect(result).toContain(found);
});

test.each([
  [68, 'twice', 'each state once'],
  [70, 'no versions', 'exit code 0: 1; stderr ends with "unknown message"'],
])('%i warns of a target that breaks a rule of ours: %s', async (number, broken, found) => {
  const [result] = outcomes(await resultsOf('target', { broken }, { only: [number] }));
  expect(result).toMatch(new RegExp(`^${number} warned\n`));
  expect(result).toContain(found);
});

test('68 accepts a target that prints every state', async () => {
  expect(outcomes(await resultsOf('target', { broken: 'all states' }, { only: [68] }))).toEqual(['68 passed']);
});
