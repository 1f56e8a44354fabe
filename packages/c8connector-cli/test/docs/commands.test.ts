import { describe, expect, test } from 'vitest';
import { programArguments } from '../../../c8connector/src/program/arguments.ts';
import { parseCommandLine } from '../../src/command-line.ts';
import { createSession } from '../../src/session.ts';
import { type Block, blocksOf, pages, placeOf, root } from './blocks.ts';
import { alone, notRun, notWalked, otherDocuments, shellWords, shown, walked } from './classified.ts';
import { type Call, callsOf, commandsOf } from './commands.ts';

const blocks = pages().flatMap(blocksOf);
const programs = blocks
  .filter(({ language }) => language === 'sh' || language === 'console')
  .flatMap((block) => commandsOf(block).flatMap(({ command }) => callsOf(command).map((call) => ({ block, call }))));
const ours = programs.filter(({ call: [program] }) => program === 'c8connector' || isConnector(program));

function isConnector(program: string): boolean {
  return /^c8-(?:source|target|integration)-/.test(program);
}

/** `c8connector sync`, or the program. */
function nameOf([program, verb = '']: Call): string {
  return program === 'c8connector' && !verb.startsWith('-') ? `${program} ${verb}` : program;
}

function isAlone([program, verb = '']: Call): boolean {
  return program === 'c8connector' && alone.includes(verb);
}

describe('Every block of the docs', () => {
  test('is in a language that is checked, or has a reason to be only shown', () => {
    const checked = ['ts', 'json', 'yaml', 'sh', 'console', 'js'];
    const unknown = blocks.filter(({ language }) => !checked.includes(language) && !Object.hasOwn(shown, language));
    expect(unknown.map((block) => `${placeOf(block)} ${block.language}`)).toEqual([]);
  });

  test('of commands is run, or has a reason not to be', () => {
    const others = programs.filter(({ block, call }) => {
      const isRun = walked.includes(block.page) || isAlone(call) || shellWords.includes(call[0]);
      return !isRun && !Object.hasOwn(notRun, nameOf(call));
    });
    expect(others.map(({ block, call }) => `${placeOf(block)} ${call.join(' ')}`)).toEqual([]);
  });

  test('with such a reason still exists', () => {
    const names = new Set(programs.filter(({ block }) => !walked.includes(block.page)).map(({ call }) => nameOf(call)));
    const documents = blocks.map(({ text }) => /[A-Za-z_]+/.exec(text)?.[0]);
    const languages = blocks.map(({ language }) => language);
    expect(Object.keys(notRun).filter((name) => !names.has(name))).toEqual([]);
    expect(shellWords.filter((word) => !programs.some(({ call: [program] }) => program === word))).toEqual([]);
    expect(Object.keys(otherDocuments).filter((name) => !documents.includes(name))).toEqual([]);
    expect(Object.keys(shown).filter((name) => !languages.includes(name))).toEqual([]);
    const commands = blocks.filter(({ page }) => walked.includes(page)).flatMap(({ text }) => text.split('\n'));
    const isThere = (begin: string) => commands.some((line) => line.startsWith(`$ ${begin}`));
    expect(Object.keys(notWalked).filter((begin) => !isThere(begin))).toEqual([]);
    expect(walked.filter((page) => !pages().includes(page))).toEqual([]);
  });
});

describe('A command of ours', () => {
  test.each(ours.map(({ block, call }) => [placeOf(block), call.join(' '), call] as const))(
    '%s is one that the program knows: %s',
    async (_, __, [program, ...words]) => {
      if (program !== 'c8connector') {
        const type = program.split('-')[1] as 'source' | 'target' | 'integration';
        expect(programArguments(words, type)).toHaveProperty('verb');
        return;
      }
      let wasCalled = false;
      await parseCommandLine(words, async () => {
        wasCalled = true;
      });
      expect(wasCalled).toBe(true);
    },
  );

  const withoutService = ours.filter(({ block, call }) => isAlone(call) && !walked.includes(block.page));
  test.each([...new Map(withoutService.map(({ call: [, ...words] }) => [words.join(' '), words]))])(
    'that needs no service works: %s',
    async (_, words) => {
      const session = await createSession({ 'log-level': 'silent' });
      let printed = '';
      const print = async (text: string) => {
        printed += text;
      };
      let code: number | undefined;
      await parseCommandLine(words, async (load, args) => {
        const command = await load();
        code = await command(args as never, { ...session, folder: root, folders: [root], print });
      });
      expect(code).toBe(0);
      expect(printed).not.toBe('');
    },
  );
});

test('A block without a class, with an unknown option or program is found', () => {
  const block: Block = { page: 'a.md', line: 1, language: 'console', isBackground: false, text: '' };
  const text = "$ ACME=1 npx c8connector sync a.yaml > out.txt | some-tap --flag 'a | b' && cat x\nout\n";
  const [first] = commandsOf({ ...block, text });
  expect(first?.output).toBe('out\n');
  expect(callsOf(first?.command ?? '')).toEqual([
    ['c8connector', 'sync', 'a.yaml'],
    ['some-tap', '--flag', 'a | b'],
    ['cat', 'x'],
  ]);
});
