import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { MemorySource } from '../../../c8connector/test/fixtures/memory-source.ts';
import type { Ended } from '../../src/program/ended.ts';
import { answeringProgram } from '../answering-program.ts';
import { sourceFindings } from '../findings.ts';
import { programFile } from '../program-file.ts';

const catalog = JSON.stringify(await new MemorySource().discover({ password: 'open sesame', rows: 2 }));
const schema = { type: 'SCHEMA', stream: 'generated', schema: {}, key_properties: [] };
const record = { type: 'RECORD', stream: 'generated', record: {} };
const good = `${[schema, record, record].map((message) => JSON.stringify(message)).join('\n')}\n`;

const config = { password: 'open sesame', rows: 2 };

/** The findings of 51 on a program that ends so when it is run, and so with `--discover`. */
async function findingsOn(run: Partial<Ended>, discover: Partial<Ended> = { stdout: catalog }): Promise<string[]> {
  const answering = answeringProgram(({ flags }) => (flags.includes('--discover') ? discover : run));
  return await sourceFindings(() => ({}), { config, answering, only: 51 });
}

test('51 finds nothing when stdout is correct', async () => {
  expect(await findingsOn({ stdout: good })).toEqual([]);
});

test.each<[string, Partial<Ended>, string, Partial<Ended>?]>([
  ['a text before the messages', { stdout: `starting\n${good}` }, 'line 1 is not JSON: "starting"'],
  ['an object that is not a message', { stdout: `${good}{"level":"info"}\n` }, 'line 4: "{\\"level\\":\\"info\\"}"'],
  ['a message without a member', { stdout: `${good}{"type":"STATE"}\n` }, 'line 4 has no value'],
  ['a last line without its newline', { stdout: good.trimEnd() }, 'expected: a newline at the end of stdout'],
  [
    'records that are missing',
    { stdout: good.replace(`${JSON.stringify(record)}\n`, '') },
    "expected: 2 RECORDs of 'generated', as read gives in process\n  found: 1",
  ],
  [
    'a text before the catalog',
    { stdout: good },
    'expected: one catalog and nothing else on stdout of --discover',
    { stdout: `found 1 table\n${catalog}` },
  ],
  [
    'a program that fails',
    {},
    'expected: exit code 0 of --discover\n  found: 1; stderr ends with "no such table"',
    { code: 1, stderr: 'it begins\nno such table\n' },
  ],
  [
    'a program that is still at work at its time-out',
    { code: null, signal: 'SIGKILL', lateAfter: 60 },
    'expected: an end of a full read within 60 s',
  ],
  [
    'a program that a signal ends',
    { code: null, signal: 'SIGSEGV' },
    'expected: exit code 0 of a full read\n  found: ended by SIGSEGV; stderr is empty',
  ],
])('51 finds %s', async (_name, run, found, discover) => {
  const findings = await findingsOn(run, discover);
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^51 the program prints only messages/);
});

test('51 runs the bin of packageFolder', async () => {
  await using file = await programFile('console.error("from the package"); process.exit(1);');
  for (const packageFolder of [file.folder, pathToFileURL(`${file.folder}/`)]) {
    expect(await sourceFindings(() => ({}), { config, packageFolder, only: 51 })).toEqual([
      expect.stringContaining('from the package'),
    ]);
  }
});

test('51 asks to build a program that does not exist', async () => {
  const findings = await sourceFindings(() => ({}), { config, program: '/nowhere/main.js', only: 51 });
  expect(findings.at(-1)).toMatch(/^51 .*found: no file \/nowhere\/main.js; build the connector first/s);
});

test('24 finds a password that the program prints', async () => {
  const answering = answeringProgram(({ files }) => ({ stderr: JSON.stringify(files.config) }));
  expect(await sourceFindings(() => ({}), { config, answering, only: 24 })).toEqual([
    expect.stringContaining('expected: no secret in stderr of the program with --validate'),
  ]);
});
