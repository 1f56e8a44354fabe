import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { MemorySource } from '../../../c8connector/test/fixtures/memory-source.ts';
import { sourceFindings } from '../findings.ts';
import { programFile } from '../program-file.ts';

const catalog = JSON.stringify(await new MemorySource().discover({ password: 'open sesame', rows: 2 }));
const schema = { type: 'SCHEMA', stream: 'generated', schema: {}, key_properties: [] };
const record = { type: 'RECORD', stream: 'generated', record: {} };
const good = `${[schema, record, record].map((message) => JSON.stringify(message)).join('\n')}\n`;

/** A program that prints these texts. */
function printing(run: string, discover = catalog): string {
  return `process.stdout.write(process.argv.includes('--discover') ? ${JSON.stringify(discover)} : ${JSON.stringify(run)});`;
}

const config = { password: 'open sesame', rows: 2 };

test('51 finds nothing when stdout is as it should be', async () => {
  await using file = await programFile(printing(good));
  expect(await sourceFindings(() => ({}), { config, program: file.program, only: 51 })).toEqual([]);
});

test.each([
  ['a text before the messages', printing(`starting\n${good}`), 'line 1 is not JSON: "starting"'],
  ['an object that is no message', printing(`${good}{"level":"info"}\n`), 'line 4: "{\\"level\\":\\"info\\"}"'],
  ['a message without a member', printing(`${good}{"type":"STATE"}\n`), 'line 4 has no value'],
  ['a last line without its newline', printing(good.trimEnd()), 'expected: a newline at the end of stdout'],
  [
    'records that are missing',
    printing(good.replace(`${JSON.stringify(record)}\n`, '')),
    "expected: 2 RECORDs of 'generated', as read gives in process\n  found: 1",
  ],
  [
    'a text before the catalog',
    printing(good, `found 1 table\n${catalog}`),
    'expected: one catalog and nothing else on stdout of --discover',
  ],
  [
    'a program that fails',
    'console.error("no such table"); process.exit(1);',
    'expected: exit code 0 of --discover\n  found: 1; stderr ends with "no such table"',
  ],
])('51 finds %s', async (_name, code, found) => {
  await using file = await programFile(code);
  const findings = await sourceFindings(() => ({}), { config, program: file.program, only: 51 });
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^51 stdout of the program carries only messages/);
});

test('51 runs the bin of packageFolder', async () => {
  await using file = await programFile('console.error("from the package"); process.exit(1);');
  for (const packageFolder of [file.folder, pathToFileURL(`${file.folder}/`)]) {
    expect(await sourceFindings(() => ({}), { config, packageFolder, only: 51 })).toEqual([
      expect.stringContaining('from the package'),
    ]);
  }
});

test('51 asks to build a program that is not there', async () => {
  const findings = await sourceFindings(() => ({}), { config, program: '/nowhere/main.js', only: 51 });
  expect(findings.at(-1)).toMatch(/^51 .*found: no file \/nowhere\/main.js; build the connector first/s);
});

test('24 finds a password that the program prints', async () => {
  await using file = await programFile(`
    import { readFileSync } from 'node:fs';
    console.error(JSON.parse(readFileSync(process.argv[process.argv.indexOf('--config') + 1])).password);
    ${printing(good)}`);
  const findings = await sourceFindings(() => ({}), { config, program: file.program, only: 24 });
  expect(findings).toEqual([expect.stringContaining('expected: no secret in stderr of the program with --validate')]);
});
