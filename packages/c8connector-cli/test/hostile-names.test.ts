import { expect, test } from 'vitest';
import { type Folder, openFolder } from './program.ts';

const connection = (fails: string) => `
source: { connector: ./hostile.mjs, config: { fails: ${fails} } }
target: { connector: ./target.mjs, config: { folder: out } }
`;

async function hostileFolder(): Promise<Folder> {
  const folder = await openFolder();
  for (const fails of ['never', 'check', 'discover', 'read']) {
    await folder.write(`${fails}.json`, { fails });
    await folder.write(`${fails}.yaml`, connection(fails));
  }
  // Of its own, since only one run at a time has the state of a connection.
  await folder.write('json.yaml', connection('never'));
  return folder;
}

/** What the program itself may write to a terminal: lines, its colours, and the moves of the bars. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const own = /\r?\n|\u001b\[(?:2|22|3[123]|39)m|\u001b\[\?(?:7|25)[hl]|\u001b\[\d*[ABCDGJK]|\r/g;
const steering = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

const calls: readonly (readonly [string, number])[] = [
  ['discover ./hostile.mjs --config never.json', 0],
  ['discover ./hostile.mjs --config never.json --json', 0],
  ['discover ./hostile.mjs --config discover.json', 3],
  ['samples ./hostile.mjs --config never.json', 0],
  ['samples ./hostile.mjs --config never.json --json', 0],
  ['samples ./hostile.mjs --config read.json --log-level debug', 1],
  ['schemas ./hostile.mjs --config never.json', 0],
  ['schemas ./hostile.mjs --config never.json --json', 0],
  ['validate ./hostile.mjs --config never.json', 0],
  ['validate ./hostile.mjs --config check.json', 3],
  ['validate ./hostile.mjs --config check.json --json', 3],
  ['sync never.yaml', 0],
  ['sync json.yaml --json', 0],
  ['sync read.yaml', 1],
  ['sync discover.yaml', 3],
  ['call ./hostile-integration.mjs list', 0],
  ['call ./hostile-integration.mjs list --json', 0],
  ['call ./hostile-integration.mjs refuse', 1],
  ['call ./hostile-integration.mjs lose --log-level debug', 1],
  ['about ./hostile-integration.mjs', 0],
];

test('no command writes an escape sequence from a name, a value or a message of a server', async () => {
  await using folder = await hostileFolder();
  await Promise.all(
    calls.map(async ([line, code]) => {
      const { stdout, stderr, ...ended } = await folder.run(line.split(' '));
      expect([line, ended.code]).toEqual([line, code]);
      expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(steering);
      if (line.endsWith('--json') && code === 0) for (const text of jsonTexts(line, stdout)) JSON.parse(text);
    }),
  );
});

/** A sync writes a document a line. */
function jsonTexts(line: string, stdout: string): readonly string[] {
  return line.startsWith('sync') ? stdout.trimEnd().split('\n') : [stdout];
}

test('neither do they on a terminal, with colours, bars and a readable log', async () => {
  await using folder = await hostileFolder();
  for (const line of [
    'validate ./hostile.mjs --config check.json',
    'samples ./hostile.mjs --config never.json',
    'sync read.yaml',
  ]) {
    const { stdout } = await folder.runOnTerminal(line.split(' '));
    expect(stdout).toContain('\\u001b]0;title');
    expect(stdout.replace(own, '')).not.toMatch(steering);
    expect(stdout).not.toContain('\u001b[2J');
  }
});
