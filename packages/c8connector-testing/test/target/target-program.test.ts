import { expect, test } from 'vitest';
import type { Ended } from '../../src/program/ended.ts';
import { answeringProgram } from '../answering-program.ts';
import { targetFindings } from '../findings.ts';

/** What a program does that is given these values of STATE; it stores nothing. */
type Habit = (states: readonly string[]) => Partial<Ended>;

const lines = (...texts: readonly (string | undefined)[]): Partial<Ended> => ({
  stdout: texts.map((text) => (text === undefined ? '' : `${text}\n`)).join(''),
});

test.each<[string, Habit, string]>([
  [
    'a state for empty input',
    (states) => lines('{}', states.at(-1)),
    'expected: nothing on stdout for empty input\n  found: "{}',
  ],
  [
    'a text on stdout',
    (states) => lines(states.at(-1), states.length > 0 ? 'done' : undefined),
    'line 2 is not JSON: "done"',
  ],
  [
    'a STATE message instead of a state line',
    (states) => lines(states.at(-1) && `{"type":"STATE","value":${states.at(-1)}}`),
    'expected: a state',
  ],
  ['a state that is printed twice', (states) => lines(states.at(-1), states.at(-1)), 'expected: each state once'],
  [
    'another last state',
    (states) => lines(states.at(-1) && '{"bookmarks":{}}'),
    'expected: the last STATE at the end of stdout',
  ],
  [
    'a program that fails',
    (states) => (states.length > 0 ? { ...lines(states.at(-1)), code: 1, stderr: 'disk full\n' } : {}),
    'expected: exit code 0 of a run\n  found: 1; stderr ends with "disk full"',
  ],
  ['rows that are not stored', (states) => lines(states.at(-1)), "expected: 3 rows read back from 'array_data_"],
])('51 finds %s', async (_name, habit, found) => {
  const answering = answeringProgram(({ input }) => {
    const states = input.split('\n').filter((line) => line.includes('"STATE"'));
    return habit(states.map((line) => JSON.stringify(JSON.parse(line).value)));
  });
  const findings = await targetFindings(() => ({}), { answering, only: 51 });
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^51 the program prints only state lines/);
});
