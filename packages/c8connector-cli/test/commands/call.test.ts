import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Folder, type Options, openFolder } from '../program.ts';

const config = { token: 'quite-secret-token' };

async function call(folder: Folder, args: readonly string[], options: Options = {}) {
  await folder.write('config.json', config);
  return await folder.run(['call', './integration.mjs', ...args, '--config', 'config.json'], options);
}

describe('call', () => {
  test('calls an action with an input from a file and prints its output as JSON, with secrets masked', async () => {
    await using folder = await openFolder();
    await folder.write('input.yaml', 'text: { $file: ./text.txt }\n');
    await folder.write('text.txt', 'hello <you>\n');
    const { code, stdout } = await call(folder, ['say', '--input', 'input.yaml', '--set', 'times=3', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ id: 'm-1', said: 'hello <you>', echo: '[secret]' });
    expect(JSON.parse(await folder.read('board.jsonl'))).toEqual({ text: 'hello <you>', times: 3 });
  });

  test('reads a binary file as base64, and refuses one where text is expected', async () => {
    await using folder = await openFolder();
    await writeFile(join(folder.path, 'image'), Buffer.from([0x89, 0x50, 0xff, 0x0a]));
    await folder.write('text.yaml', 'text: { $file: ./image }\n');
    const refused = await call(folder, ['say', '--input', 'text.yaml']);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain(`the file ${join(folder.path, 'image')} is not text in UTF-8`);
    expect(refused.stderr).toContain('{ $file: …, as: base64 }');
    await folder.write('bytes.yaml', 'text: { $file: ./image, as: base64 }\n');
    expect((await call(folder, ['say', '--input', 'bytes.yaml'])).code).toBe(0);
    expect(JSON.parse(await folder.read('board.jsonl'))).toMatchObject({ text: 'iVD/Cg==' });
  });

  test('shows an object as a table, and takes its input from stdin', async () => {
    await using folder = await openFolder();
    const { code, stdout } = await call(folder, ['say', '--input', '-'], { stdin: '{ "text": "hello" }' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ said +│ hello +│/);
  });

  test('shows a list of objects as a table with all their members', async () => {
    await using folder = await openFolder();
    const { code, stdout } = await call(folder, ['listRooms']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ id +│ name +│ members │/);
    expect(stdout).toMatch(/│ R1 +│ general │ 12 +│/);
    expect(stdout).toMatch(/│ R2 +│ random +│ +│/);
  });

  test('refuses a bad input with exit code 2, and names every property at fault', async () => {
    await using folder = await openFolder();
    const { code, stdout, stderr } = await call(folder, ['say', '--set', 'txt=hello', '--set', 'times=often']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('ConfigError input_invalid: the input of say has 3 problems:');
    expect(stderr).toContain('\n  text: is mandatory');
    expect(stderr).toContain("\n  times: 'often' is not a whole number");
    expect(stderr).toContain("\n  txt: unknown property; did you mean 'text'?");
  });

  test('reports the refusal of the service, with exit code 1', async () => {
    await using folder = await openFolder();
    const { code, stdout, stderr } = await call(folder, ['say', '--set', 'text=refuse-me']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('DataError action_refused: the board refused it: no_such_room, says [secret]\n');
  });

  test.each([
    [['./integration.mjs', 'sya'], "action_unknown: c8-integration-board has no action 'sya'; did you mean 'say'?"],
    [['./source.mjs', 'say'], 'call_invalid: c8-source-lists is a source: only an integration has actions to call'],
    [['./integration.mjs', 'say', '--config', '-', '--input', '-'], 'only one of --config and --input can be stdin'],
    [['./integration.mjs', 'say', '--config', 'c.json', '--input', 'no.yaml'], 'input_unreadable: input file '],
    [['./integration.mjs', 'say', '--config', 'c.json', '--set', 'text'], '--set takes PROPERTY=VALUE'],
    [['./integration.mjs', 'say', '--inptu', 'a'], "unknown argument 'inptu'; did you mean --input?"],
  ])('of %j is refused with exit code 2', async (args, said) => {
    await using folder = await openFolder();
    await folder.write('c.json', config);
    const { code, stderr } = await folder.run(['call', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });
});

test('about, schemas and samples show the actions of an integration with their inputs', async () => {
  await using folder = await openFolder();
  await folder.write('config.json', config);
  const about = await folder.run(['about', './integration.mjs']);
  expect(about.stdout).toMatch(/\nsay: Says a text\.\n/);
  expect(about.stdout).toMatch(/│ text +│ string +│ yes +│/);
  expect(about.stdout).toContain('listRooms: Lists the rooms.\nNo input.\n');
  const json = JSON.parse((await folder.run(['about', './integration.mjs', '--json'])).stdout);
  expect(json.actions.map(({ name }: { name: string }) => name)).toEqual(['say', 'listRooms']);
  const wanted = ['./integration.mjs', '--config', 'config.json', '--stream', 'say'];
  expect((await folder.run(['schemas', ...wanted])).stdout).toMatch(/^say\n[\s\S]*│ times +│ long +│/);
  expect((await folder.run(['samples', ...wanted])).stdout).toMatch(/^say: 1 row\n[\s\S]*│ hello │/);
  const unknown = await folder.run(['schemas', ...wanted, '--stream', 'sya']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("has no action 'sya'; did you mean 'say'?");
});
