import type { Block } from './blocks.ts';

/** One program that a line of a shell block calls, as its words. */
export type Call = readonly [program: string, ...words: string[]];

/** The commands of a shell block: of `console` the lines behind `$ ` with what they print, of `sh` every line. */
export function commandsOf(block: Block): readonly { readonly command: string; readonly output: string }[] {
  const lines = block.text
    .trimEnd()
    .replace(/\\\n\s*/g, '')
    .split('\n');
  if (block.language === 'sh') return joined(lines).map((command) => ({ command, output: '' }));
  const commands: { command: string; output: string }[] = [];
  for (const line of lines) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ command: line.slice(2), output: '' });
    else if (last !== undefined) last.output += `${line}\n`;
    else if (line !== '') throw new Error(`${block.page}:${block.line} begins with an output`);
  }
  return commands;
}

/** Lines of a script as whole commands: a text in quotes may go over several of them, and a document that is written between two words does. */
function joined(lines: readonly string[]): string[] {
  const commands: string[] = [];
  for (const line of lines) {
    const last = commands.at(-1);
    if (last !== undefined && isOpen(last)) commands[commands.length - 1] = `${last}\n${line}`;
    else commands.push(line);
  }
  return commands.map((command) => command.replace(/(?:^|[^\S\n])#.*$/, '').trim()).filter((command) => command !== '');
}

function isOpen(command: string): boolean {
  const word = documentWord(command);
  return word === undefined ? (command.split("'").length - 1) % 2 === 1 : !command.endsWith(`\n${word}`);
}

/** `EOF` of a command with `<<'EOF'`. */
function documentWord(command: string): string | undefined {
  return /<<'?(\w+)'?/.exec(command)?.[1];
}

/** What a command calls, through pipes and lists, without `npx`, settings of variables and redirections. */
export function callsOf(command: string): readonly Call[] {
  const calls: string[][] = [[]];
  const [line = ''] = documentWord(command) === undefined ? [command] : command.split('\n');
  for (const [word, quoted] of wordsOf(line)) {
    if (!quoted && ['|', '&&', ';', '&'].includes(word)) calls.push([]);
    else calls.at(-1)?.push(word);
  }
  return calls.map(stripped).filter((call): call is [string, ...string[]] => call.length > 0);
}

function stripped(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (/^\d?[<>]/.test(word)) index += /[<>]$/.test(word) ? 1 : 0;
    else if (kept.length > 0 || !(word === 'npx' || /^[A-Z_]+=/.test(word))) kept.push(word);
  }
  return kept;
}

function wordsOf(command: string): readonly (readonly [word: string, isQuoted: boolean])[] {
  const pattern = /((?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+)/g;
  return [...command.matchAll(pattern)].map(([word]) => [
    word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, one, other, letter) => one ?? other ?? letter),
    /['"]/.test(word),
  ]);
}
