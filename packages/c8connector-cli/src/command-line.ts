import yargs, { type Argv } from 'yargs';
import manifest from '../package.json' with { type: 'json' };
import type { Session } from './session.ts';

/** What every command is given, whichever it is. */
interface GlobalArguments {
  readonly 'log-level': string;
}

type Command<A> = (args: A, session: Session) => Promise<number>;

/** Loads a command and runs it: commands are imported only when they are called, so that help is there at once. */
export type RunCommand = <A extends GlobalArguments>(load: () => Promise<Command<A>>, args: A) => Promise<void>;

/**
 * Reads the command line and runs the command that it names. Resolves with an exit code when there was nothing to run; rejects with the error of the
 * command, or with one of the name YError that says what is wrong with the call.
 */
export async function parseCommandLine(argv: readonly string[], run: RunCommand): Promise<number | undefined> {
  const parser = yargs([...argv])
    .scriptName('c8connector')
    .locale('en')
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .parserConfiguration({ 'greedy-arrays': false, 'camel-case-expansion': false })
    .usage('$0 COMMAND\n\nTries out C8 connectors, and runs them: a source into a target.')
    .version(`c8connector ${manifest.version}`)
    .option('log-level', {
      choices: ['debug', 'info', 'warn', 'error', 'silent'] as const,
      default: 'info',
      describe: 'What is logged on stderr; debug adds stack traces to errors',
    })
    .command(
      'list',
      'Lists the connectors that are installed here',
      (command) => command.option('json', json).example('$0 list', 'Name, type, version and package of each'),
      (args) => run(async () => (await import('./commands/list.ts')).list, args),
    )
    .command(
      'about <connector>',
      'Describes a connector and the properties of its config',
      (command) =>
        connector(command)
          .option('format', {
            choices: ['table', 'json', 'markdown'] as const,
            default: 'table' as const,
            describe: 'How',
          })
          .option('json', { type: 'boolean', describe: 'The same as --format json' })
          .example('$0 about c8-source-postgres', 'A table of its properties')
          .example('$0 about c8-source-postgres --format markdown', 'The same for a README'),
      (args) => run(async () => (await import('./commands/about.ts')).about, args),
    )
    .command(
      'schema <of>',
      'Prints the JSON Schema of a config, connection or alert file, by which an editor completes and checks it',
      (command) =>
        command
          .positional('of', {
            type: 'string',
            demandOption: true,
            describe: 'A connector, as for about; connection, or alert',
          })
          .example('$0 schema c8-source-postgres > postgres.schema.json', 'For its config files')
          .example('$0 schema connection > connection.schema.json', 'With the configs of all connectors inside'),
      (args) => run(async () => (await import('./commands/schema.ts')).schema, args),
    )
    .command(
      'validate <connector>',
      'Checks a config against the real service, step by step',
      (command) =>
        configured(command)
          .option('json', json)
          .example('$0 validate c8-source-postgres --config pg.yaml', 'Address, login, rights …'),
      (args) => run(async () => (await import('./commands/validate.ts')).validate, args),
    )
    .command(
      'samples <connector>',
      'Shows the first rows of each stream',
      (command) =>
        configured(command)
          .option('stream', streams)
          .option('json', json)
          .example('$0 samples c8-source-postgres --config pg.yaml --stream public-orders', 'Ten rows of one table'),
      (args) => run(async () => (await import('./commands/samples.ts')).samples, args),
    )
    .command(
      'schemas <connector>',
      'Shows the columns of each stream and their types',
      (command) =>
        configured(command)
          .option('stream', streams)
          .option('json', json)
          .example('$0 schemas c8-source-postgres --config pg.yaml', 'Columns of every table'),
      (args) => run(async () => (await import('./commands/schemas.ts')).schemas, args),
    )
    .command(
      'discover <connector>',
      'Lists the streams of a source; with --json as a Singer catalog',
      (command) =>
        configured(command)
          .option('json', json)
          .example('$0 discover c8-source-postgres --config pg.yaml', 'Streams, keys, row estimates')
          .example('$0 discover c8-source-postgres --config pg.yaml --json > catalog.json', 'The catalog'),
      (args) => run(async () => (await import('./commands/discover.ts')).discover, args),
    )
    .command(
      'call <connector> <action>',
      'Does one action of an integration, and shows what came of it',
      (command) =>
        configured(command)
          .positional('action', { type: 'string', demandOption: true, describe: 'As about shows it' })
          .option('input', {
            alias: 'i',
            type: 'string',
            requiresArg: true,
            describe: 'Input file, YAML or JSON; - is stdin',
          })
          .option('set', {
            type: 'string',
            array: true,
            requiresArg: true,
            describe: 'PROPERTY=VALUE of the input; may be given again',
          })
          .option('json', json)
          .example('$0 call c8-integration-slack postMessage --config slack.yaml --input hello.yaml', 'From a file')
          .example('$0 call c8-integration-slack postMessage -c slack.yaml --set text=Hello', 'From the command line'),
      (args) => run(async () => (await import('./commands/call.ts')).call, args),
    )
    .command(
      'sync <connection>',
      'Copies the streams of a source into a target, and goes on where it ended last time',
      (command) =>
        command
          .positional('connection', { type: 'string', demandOption: true, describe: 'Connection file, YAML or JSON' })
          .option('full-refresh', {
            type: 'boolean',
            default: false,
            describe: 'Forget the bookmarks of the selected streams',
          })
          .option('json', {
            type: 'boolean',
            default: false,
            describe: 'Events of the run on stdout, one JSON object a line',
          })
          .option('progress', {
            type: 'boolean',
            default: true,
            describe: 'Bars when stderr is a terminal; --no-progress logs instead',
          })
          .option('notify', {
            type: 'string',
            requiresArg: true,
            describe: 'Alert file, YAML or JSON: what an integration is told at the end',
          })
          .example('$0 sync orders.yaml', 'Runs the connection, or goes on with it')
          .example('$0 sync orders.yaml --full-refresh --no-progress', 'From the beginning, with a log')
          .example('$0 sync orders.yaml --notify alert.yaml', 'Tells somebody when it fails'),
      (args) => run(async () => (await import('./commands/sync.ts')).sync, args),
    )
    .command(
      'new [type] [name]',
      'Makes a connector: a small sample of its type, or a copy of another one with every name changed',
      (command) =>
        command
          .positional('type', {
            type: 'string',
            describe: 'source, target or integration; asked for when left out',
          })
          .positional('name', { type: 'string', describe: 'Such as acme: the package is c8-source-acme' })
          .option('like', {
            type: 'string',
            requiresArg: true,
            describe: 'Copy this connector: name of a package, or ./path of its folder',
          })
          .option('folder', {
            type: 'string',
            requiresArg: true,
            describe: 'Where the folder of the connector is made; connectors/ in a workspace, else here',
          })
          .example('$0 new', 'Asks for everything')
          .example('$0 new source acme', 'c8-source-acme, from the sample of a source')
          .example('$0 new acme --like c8-source-postgres', 'The same as a copy, which has a type already'),
      (args) => run(async () => (await import('./commands/new.ts')).newConnector, args),
    )
    .command(
      'check [folder]',
      'Holds the package of a connector to the guidelines, or any Singer program to the protocol',
      (command) =>
        command
          .positional('folder', { type: 'string', describe: 'Folder of the package; here when left out' })
          .option('conformance', {
            type: 'boolean',
            default: false,
            describe: 'Run the conformance kit of the package as well',
          })
          .option('singer', {
            type: 'string',
            requiresArg: true,
            describe: 'Command line of a tap or a target in any language, instead of a folder',
          })
          .option('type', {
            choices: ['tap', 'target'] as const,
            describe: 'What --singer is; told from its name when left out',
          })
          .option('only', {
            type: 'string',
            array: true,
            requiresArg: true,
            describe: 'Only this rule or number; may be given again',
          })
          .option('watch', { type: 'boolean', default: false, describe: 'Again after each change of a file' })
          .option('update', { type: 'boolean', default: false, describe: 'Renew the generated docs first' })
          .option('json', json)
          .example('$0 check connectors/c8-source-acme', 'Findings with file, rule and fix')
          .example('$0 check --conformance --only 34 --only 38', 'Two checks of the kit')
          .example("$0 check --singer 'tap-github --config github.json'", 'A tap written in any language'),
      (args) => run(async () => (await import('./commands/check.ts')).check, args),
    )
    .middleware(refuseRepeated, true)
    .demandCommand(1, 1)
    .recommendCommands()
    .strict()
    .example('$0 sync orders.yaml', 'Runs the connection that the file describes')
    .epilogue(
      'Exit codes: 0 done, 1 failed, 2 config or call is wrong, 3 connection or login failed, 130 or 143 stopped by a signal.',
    )
    .exitProcess(false)
    .fail(refuse);
  if (argv.length === 0) {
    process.stdout.write(`${await parser.getHelp()}\n`);
    return 2;
  }
  await parser.parseAsync();
  return undefined;
}

const json = { type: 'boolean', default: false, describe: 'JSON instead of a table' } as const;
const streams = {
  type: 'string',
  array: true,
  requiresArg: true,
  describe: 'Only this stream; may be given again',
} as const;

function connector<T>(command: Argv<T>) {
  return command.positional('connector', {
    type: 'string',
    demandOption: true,
    describe: 'Name of a package, or ./path of a package or a module',
  });
}

function configured<T>(command: Argv<T>) {
  return connector(command).option('config', {
    alias: 'c',
    type: 'string',
    requiresArg: true,
    describe: 'Config file, YAML or JSON; - is stdin. { $env: NAME } and { $file: PATH } stand for values',
  });
}

/** Of an option that is given twice nobody can say which one is meant. */
function refuseRepeated(args: Readonly<Record<string, unknown>>): void {
  for (const name of ['config', 'folder', 'format', 'input', 'like', 'log-level', 'notify', 'singer', 'type']) {
    if (Array.isArray(args[name])) refuse(`--${name} is given more than once`, undefined);
  }
}

/** Errors of a command go on as they are; what the parser says of the call becomes an error of the name YError. */
function refuse(message: string | null, error: Error | undefined): never {
  throw error ?? Object.assign(new Error(message ?? 'the call is wrong'), { name: 'YError' });
}
