import { expect, test } from 'vitest';
import { splitCommand } from '../../src/checks.ts';
import { withoutFlags } from '../../src/singer/command.ts';
import { typeOfCommand } from '../../src/singer/type-of-program.ts';
import { resultsOf } from './results.ts';

test.each([
  ['tap-x --config c.json', ['tap-x', '--config', 'c.json']],
  ["  tap-x 'a b' \"c d\"e '' ", ['tap-x', 'a b', 'c de', '']],
  [String.raw`a\ b "c\"d\n" 'e\f' \'`, ['a b', String.raw`c"d\n`, String.raw`e\f`, "'"]],
  ['tap-x \'a|b\' "c > d" $HOME', ['tap-x', 'a|b', 'c > d', '$HOME']],
])('a command line is split into words: %s', (line, words) => {
  expect(splitCommand(line)).toEqual(words);
});

test.each([
  ['', 'the command line is empty'],
  ["tap-x 'a", "the command line ends inside '"],
  ['tap-x | target-y', "'|' means something to a shell only"],
  ['tap-x > out', "'>' means something to a shell only"],
  ['tap-x $(cat c)', "'$(' means something to a shell only"],
])('a command line that needs a shell, or is empty, is refused: %s', (line, found) => {
  expect(() => splitCommand(line)).toThrow(found);
});

test.each([
  [['/usr/bin/tap-csv', '--config', 'x'], 'tap'],
  [['node', 'connectors/c8-source-x/bin/c8-source-x.js'], 'tap'],
  [['pipelinewise-tap-mysql'], 'tap'],
  [['python', '-m', 'tap_csv'], 'tap'],
  [['python', 'target_csv.py'], 'target'],
  [['python', 'main.py', '--config', 'tap-config.json'], undefined],
  [['c8-target-s3'], 'target'],
  [['python', 'main.py'], undefined],
])('the type is taken from the name of the program: %j', (command, type) => {
  expect(typeOfCommand(command)).toBe(type);
});

test('a flag is omitted together with its value', () => {
  expect(withoutFlags(['x', '--config', 'a', '-c', 'b', '--config=d', '--more'], '--config', '-c')).toEqual([
    'x',
    '--more',
  ]);
});

test('a program whose name does not show its type is asked for its type', async () => {
  const types: string[] = [];
  await resultsOf('tap', {}, { type: undefined, only: [26], onType: (type) => types.push(type) });
  expect(types).toEqual(['tap']);
});

test('a program of an unknown type is refused, and so is one that does not exist', async () => {
  const command = [process.execPath, '-e', ''];
  await expect(resultsOf('tap', {}, { type: undefined, command })).rejects.toMatchObject({
    code: 'call_invalid',
    remedy: 'Say it with --type tap or --type target.',
  });
  await expect(resultsOf('tap', {}, { command: ['tap-that-is-not-there'], only: [51] })).rejects.toMatchObject({
    code: 'call_invalid',
    message: "--singer: the program 'tap-that-is-not-there' cannot be started (ENOENT).",
  });
});

test('a number that no check has is refused', async () => {
  await expect(resultsOf('tap', {}, { only: [26, 99] })).rejects.toThrow('there is no check 99 for this program');
});
