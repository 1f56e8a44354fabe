import { ConfigError } from 'c8connector';

/** Characters with a meaning for a shell, which is not used here. */
const shellSigns = '|&;<>`';

/** Splits a command line into words like a shell: by blanks, with both kinds of quotes and backslashes. Nothing is expanded. Throws a ConfigError `call_invalid`. */
export function splitCommand(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (quote !== undefined && sign === quote) quote = undefined;
    else if (sign === '\\' && quote !== "'") {
      const next = line[at + 1];
      const isEscape = next !== undefined && (quote === undefined || '"\\$`'.includes(next));
      word = (word ?? '') + (isEscape ? next : sign);
      if (isEscape) at += 1;
    } else if (quote !== undefined) word = (word ?? '') + sign;
    else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (shellSigns.includes(sign) || line.startsWith('$(', at)) {
      const name = sign === '$' ? '$(' : sign;
      throw refused(
        `'${name}' means something to a shell only, and no shell runs the command line`,
        'Quote it, or leave it out.',
      );
    } else word = (word ?? '') + sign;
  }
  if (quote !== undefined) throw refused(`the command line ends inside ${quote}`, 'Close the quote.');
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw refused('the command line is empty', "Give it as in --singer 'tap-x --config x.json'.");
  return words;
}

/** The value of a flag in the command line; undefined when it does not have the flag. */
export function flagValue(command: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [index, word] of command.entries()) {
    const name = names.find((each) => word === each || word.startsWith(`${each}=`));
    if (name !== undefined) return word === name ? command[index + 1] : word.slice(name.length + 1);
  }
  return undefined;
}

/** The command line without the flags of these names and their values. */
export function withoutFlags(command: readonly string[], ...names: readonly string[]): readonly string[] {
  const isFlag = (word: string | undefined) => names.some((name) => word === name);
  return command.filter(
    (word, index) => !isFlag(word) && !isFlag(command[index - 1]) && !names.some((name) => word.startsWith(`${name}=`)),
  );
}

function refused(problem: string, remedy: string): ConfigError {
  return new ConfigError(`--singer: ${problem}.`, { code: 'call_invalid', remedy });
}
