import { expect, test } from 'vitest';
import { integrationFindings } from '../findings.ts';
import { programFile } from '../program-file.ts';

/** A program that prints one text for JSON lines and another for Singer messages. */
function printing(lines: string, rows: string, code = 2): string {
  return `
    import { readFileSync } from 'node:fs';
    const input = readFileSync(0, 'utf8');
    if (input.includes('SCHEMA')) process.stdout.write(${JSON.stringify(rows)});
    else if (input !== '') {
      process.stdout.write(${JSON.stringify(lines)});
      process.exitCode = ${code};
    }`;
}

const bad = '{"line":1,"ok":false,"error":{"code":"input_invalid","message":"no"}}\n';
const good = '{"line":2,"ok":true,"output":{"number":1}}\n';
const state = '{"bookmarks":{"rows":{"finished":true}}}\n';

test('51 finds nothing when stdout is as it should be', async () => {
  await using file = await programFile(printing(bad + good, state));
  expect(await integrationFindings(() => ({}), { program: file.program, only: 51 })).toEqual([]);
});

test.each([
  ['a text between the results', printing(`${bad}sending\n${good}`, state), 'line 2 is not JSON: "sending"'],
  ['a result without its newline', printing((bad + good).trimEnd(), state), 'expected: a newline at the end of stdout'],
  ['a line without its result', printing(bad, state), 'expected: 2 results for 2 lines of input'],
  ['a good result for a bad line', printing(good + good, state), 'expected: for a bad line'],
  [
    'a result without its output',
    printing(`${bad}{"line":2,"ok":true}\n`, state),
    'expected: for the good line after it',
  ],
  ['a bad line that leaves no trace in the exit code', printing(bad + good, state, 0), 'expected: exit code 2'],
  ['results among the states', printing(bad + good, good + state), 'expected: the state and nothing else'],
  ['a program that prints for empty input', `console.log('{}');`, 'expected: nothing on stdout for empty input'],
  [
    'a program that fails',
    'console.error("no such action"); process.exit(1);',
    'expected: exit code 0 of empty input\n  found: 1; stderr ends with "no such action"',
  ],
])('51 finds %s', async (_name, code, found) => {
  await using file = await programFile(code);
  const findings = await integrationFindings(() => ({}), { program: file.program, only: 51 });
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^51 stdout of the program carries only results/);
});
