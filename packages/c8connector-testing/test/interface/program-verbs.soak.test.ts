import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { programPath } from '../../../c8connector/test/fixtures/program-path.ts';
import { sourceFindings } from '../findings.ts';
import { programFile } from '../program-file.ts';

/** The good program, with something before it. */
function program(before: string): string {
  const main = pathToFileURL(programPath('memory-source-main')).href;
  return `${before}\nawait import(${JSON.stringify(main)});`;
}

test.each([
  ['a text on stdout', "console.log('hello');", 'JSON and nothing else on stdout of --about'],
  [
    'another version',
    "if (process.argv.includes('--version')) { console.log('v9'); process.exit(0); }",
    'one line with the version 1.0.0',
  ],
  [
    'another exit code',
    "process.on('exit', (code) => { if (code === 3) process.exitCode = 1; });",
    "exit code 3 of --validate of a wrong 'password'",
  ],
  [
    'a missing config that is not a failure',
    "if (!process.argv.includes('--config') && process.argv.includes('--validate')) process.exit(0);",
    'exit code 2 of --validate without --config',
  ],
])('72 finds %s', async (_name, before, found) => {
  await using file = await programFile(program(before));
  const findings = await sourceFindings(() => ({}), { program: file.program, only: 72 });
  expect(findings).toEqual([expect.stringContaining(found)]);
});
