import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';
import { programFile } from '../program-file.ts';

/** A program that prints the value of the last STATE, then what `more` prints; it stores nothing. */
function printingLast(more = '', before = ''): string {
  return `
    import { readFileSync } from 'node:fs';
    ${before}
    const lines = readFileSync(0, 'utf8').split('\\n').filter((line) => line.includes('"STATE"'));
    const last = lines.length === 0 ? undefined : JSON.stringify(JSON.parse(lines.at(-1)).value);
    if (last !== undefined) console.log(last);
    ${more}`;
}

test.each([
  [
    'a state for empty input',
    printingLast('', 'console.log("{}");'),
    'expected: nothing on stdout for empty input\n  found: "{}',
  ],
  ['a text on stdout', printingLast('if (last) console.log("done");'), 'line 2 is not JSON: "done"'],
  [
    'a STATE message instead of a bare state',
    printingLast('if (last) console.log(lines.at(-1));'),
    'expected: a bare state',
  ],
  ['a state that is printed twice', printingLast('if (last) console.log(last);'), 'expected: each state once'],
  [
    'another last state',
    printingLast('if (last) console.log(JSON.stringify({ bookmarks: {} }));'),
    'expected: the last STATE at the end of stdout',
  ],
  [
    'a program that fails',
    printingLast('if (last) { console.error("disk full"); process.exitCode = 1; }'),
    'expected: exit code 0 of a run\n  found: 1; stderr ends with "disk full"',
  ],
  ['rows that are not stored', printingLast(), "expected: 3 rows read back from 'array_data_"],
])('51 finds %s', async (_name, code, found) => {
  await using file = await programFile(code);
  const findings = await targetFindings(() => ({}), { program: file.program, only: 51 });
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^51 stdout of the program carries only bare states/);
});
