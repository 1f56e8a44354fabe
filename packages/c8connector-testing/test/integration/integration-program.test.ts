import { expect, test } from 'vitest';
import type { Ended } from '../../src/program/ended.ts';
import { answeringProgram } from '../answering-program.ts';
import { integrationFindings } from '../findings.ts';

/** The findings of 51 on a program that prints one text for JSON lines and another for Singer messages. */
async function findingsOn(
  lines: Partial<Ended>,
  rows: Partial<Ended>,
  nothing: Partial<Ended> = {},
): Promise<string[]> {
  const answering = answeringProgram(({ input }) => {
    if (input === '') return nothing;
    return input.includes('SCHEMA') ? rows : { code: 2, ...lines };
  });
  return await integrationFindings(() => ({}), { answering, only: 51 });
}

const bad = '{"line":1,"ok":false,"error":{"code":"input_invalid","message":"no"}}\n';
const good = '{"line":2,"ok":true,"output":{"number":1}}\n';
const state = '{"bookmarks":{"rows":{"finished":true}}}\n';

test('51 finds nothing when stdout is correct', async () => {
  expect(await findingsOn({ stdout: bad + good }, { stdout: state })).toEqual([]);
});

test.each<[string, Partial<Ended>, Partial<Ended>, string, Partial<Ended>?]>([
  [
    'a text between the results',
    { stdout: `${bad}sending\n${good}` },
    { stdout: state },
    'line 2 is not JSON: "sending"',
  ],
  [
    'a result without its newline',
    { stdout: (bad + good).trimEnd() },
    { stdout: state },
    'expected: a newline at the end of stdout',
  ],
  ['a line without its result', { stdout: bad }, { stdout: state }, 'expected: 2 results for 2 lines of input'],
  ['a good result for a bad line', { stdout: good + good }, { stdout: state }, 'expected: for a bad line'],
  [
    'a result without its output',
    { stdout: `${bad}{"line":2,"ok":true}\n` },
    { stdout: state },
    'expected: for the good line after it',
  ],
  [
    'a bad line that leaves no trace in the exit code',
    { stdout: bad + good, code: 0 },
    { stdout: state },
    'expected: exit code 2',
  ],
  [
    'results among the states',
    { stdout: bad + good },
    { stdout: good + state },
    'expected: the state and nothing else',
  ],
  [
    'a program that prints for empty input',
    { stdout: bad + good },
    { stdout: state },
    'expected: nothing on stdout for empty input',
    { stdout: '{}\n' },
  ],
  [
    'a program that fails',
    {},
    {},
    'expected: exit code 0 of empty input\n  found: 1; stderr ends with "no such action"',
    { code: 1, stderr: 'no such action\n' },
  ],
])('51 finds %s', async (_name, lines, rows, found, nothing) => {
  const findings = await findingsOn(lines, rows, nothing);
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^51 the program prints only results/);
});
