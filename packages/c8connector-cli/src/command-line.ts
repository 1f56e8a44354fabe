import { createRequire } from 'node:module';
import type { Argv, Options } from 'yargs';
import manifest from '../package.json' with { type: 'json' };
import { type Command, type CommandEntry, commandTable, type GlobalArguments, globalOptions } from './command-table.ts';

/** Loads a command and runs it. */
export type RunCommand = (load: () => Promise<Command<never>>, args: GlobalArguments) => Promise<void>;

// Its ES module wraps lines of the help inside words, at any width.
const yargs: (argv: readonly string[]) => Argv = createRequire(import.meta.url)('yargs');

/** Help is never wider than this, and narrower only on a narrower terminal. */
const widest = 100;

/**
 * Reads the command line and runs the command that it names. Resolves with an exit code when there was nothing to run. Rejects with the error of the
 * command, or with an error named YError that describes what is wrong with the call.
 */
export async function parseCommandLine(argv: readonly string[], run: RunCommand): Promise<number | undefined> {
  const columns = process.stdout.columns ?? 80;
  if (argv.length === 0) {
    process.stdout.write(`${await helpText([], columns)}\n`);
    return 2;
  }
  const isHelp = argv.includes('--help');
  await parserOf(argv, isHelp ? await wholeWidth(commandOf(argv), columns) : columns, run).parseAsync();
  return undefined;
}

/** The help of the program, or of the command that `words` names, for a terminal of this many columns; without a width, each paragraph is one line. */
export async function helpText(words: readonly string[], width: number | undefined): Promise<string> {
  const whole = width === undefined ? undefined : await wholeWidth(words, width);
  return await parserOf(words, whole, async () => undefined).getHelp();
}

/** The note after a description, such as `[boolean]`, directly after a letter. */
const joined = /[^\s[(]\[(?:boolean|string|number|array|required|default|choices)\b/;

/** The largest width up to `width` at which no blank is missing: the parser omits the blank before a note when both exactly fill a line. */
async function wholeWidth(words: readonly string[], width: number): Promise<number> {
  for (let whole = Math.min(widest, width); whole > Math.min(widest, width) - 20 && whole > 0; whole -= 1) {
    const help = await parserOf(words, whole, async () => undefined).getHelp();
    if (!joined.test(help)) return whole;
  }
  return width;
}

/** The command that a call names, if any. */
function commandOf(argv: readonly string[]): readonly string[] {
  const names = commandTable.map(({ usage }) => usage.split(' ')[0]);
  return argv.filter((word) => names.includes(word)).slice(0, 1);
}

function parserOf(argv: readonly string[], width: number | undefined, run: RunCommand): Argv {
  const parser = yargs(withNames(argv))
    .scriptName('c8connector')
    .locale('en')
    .wrap(width === undefined ? null : Math.min(widest, width))
    .parserConfiguration({ 'greedy-arrays': false, 'camel-case-expansion': false })
    .usage('$0 COMMAND\n\nTries out C8 connectors, and runs them: a source into a target.')
    .version(`c8connector ${manifest.version}`)
    .options(globalOptions)
    .middleware(refuseRepeated, true)
    .demandCommand(1, 1)
    .recommendCommands()
    .strict()
    .example('$0 sync orders.yaml', 'Runs the connection that the file describes')
    .epilogue(
      'Exit codes: 0 success, 1 failed, 2 invalid config or command line, 3 connection or login failed, 130 or 143 stopped by a signal.',
    )
    .exitProcess(false)
    .fail(refuse);
  for (const entry of commandTable) addCommand(parser, entry, run);
  return parser;
}

/** `CONNECTION --full-refresh A B` as one option for each name. Before the connection it has no names: the next word is the connection. */
function withNames(argv: readonly string[]): readonly string[] {
  const option = '--full-refresh';
  const at = argv.indexOf(option);
  if (at < 0) return argv;
  const isConnection = (word: string, index: number): boolean => index > 0 && !word.startsWith('-');
  if (!argv.slice(0, at).some(isConnection)) return [...argv.slice(0, at), ...argv.slice(at + 1), option];
  const rest = argv.slice(at + 1);
  const end = rest.findIndex((word) => word.startsWith('-'));
  const names = end < 0 ? rest : rest.slice(0, end);
  const options = names.length === 0 ? [option] : names.flatMap((name) => [option, name]);
  return [...argv.slice(0, at), ...options, ...rest.slice(names.length)];
}

function addCommand(
  parser: Argv,
  { usage, description, positionals, options, examples, load }: CommandEntry,
  run: RunCommand,
): void {
  const build = (command: Argv): Argv => {
    for (const [name, positional] of Object.entries(positionals)) command.positional(name, positional);
    for (const [line, what] of examples) command.example(line, what);
    return command.options(options);
  };
  // The parser returns the declared options, which are what the entry's command accepts.
  parser.command(usage, description, build, (args) => run(load, args as unknown as GlobalArguments));
}

/** Only options that are lists may be repeated; for any other it is unclear which value is meant. */
function refuseRepeated(args: Readonly<Record<string, unknown>>): void {
  const [command] = args._ as readonly unknown[];
  const own = commandTable.find(({ usage }) => usage.split(' ')[0] === command)?.options ?? {};
  for (const [name, option] of Object.entries<Options>({ ...globalOptions, ...own })) {
    if (option.array !== true && Array.isArray(args[name])) refuse(`--${name} is given more than once`, undefined);
  }
}

/** Errors of a command are passed on unchanged; a message of the parser becomes an error named YError. */
function refuse(message: string | null, error: Error | undefined): never {
  throw error ?? Object.assign(new Error(message ?? 'the command line is invalid'), { name: 'YError' });
}
