import { ConfigError, nearest } from 'c8connector';
import { commandTable, globalOptions } from './command-table.ts';

const options = ['help', 'version', 'no-progress', ...Object.keys(globalOptions)].concat(
  commandTable.flatMap((entry) => Object.keys(entry.options)),
);

/** Messages of the command line's parser, and ours in their place. */
const texts: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/^Not enough non-option arguments/, () => 'an argument is missing'],
  [/^Too many non-option arguments/, () => 'there are too many arguments'],
  [/^Not enough arguments following: (.*)$/, (name) => `--${name} needs a value`],
  [/^Did you mean (.*)\?$/, (command) => `unknown command; did you mean '${command}'?`],
  [/^Unknown arguments?: ([^,]*)/, unknownArgument],
  [/^Unknown commands?: (.*)$/, (command) => `unknown command '${command}'`],
  [/^Invalid values: Argument: (.*)$/, (choices) => `not a value of --${choices.replace(', Given:', ':')}`],
];

/** Converts an error of the command line's parser to one of ours; any other error stays unchanged. */
export function callError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'YError') return error;
  const message = error.message.trim().replace(/\s*\n\s*/g, ' ');
  return new ConfigError(translated(message), {
    code: 'call_invalid',
    remedy: `'c8connector --help' and 'c8connector COMMAND --help' show all commands and options.`,
  });
}

function translated(message: string): string {
  for (const [pattern, say] of texts) {
    const found = pattern.exec(message);
    if (found !== null) return say(found[1] ?? '');
  }
  return message;
}

function unknownArgument(name: string): string {
  const close = nearest(name, options);
  return `unknown argument '${name}'${close === undefined ? '' : `; did you mean --${close}?`}`;
}
