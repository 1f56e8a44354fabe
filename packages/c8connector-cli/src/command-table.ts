import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import type { Session } from './session.ts';

/** The options of every command. */
export const globalOptions = {
  'log-level': {
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    describe: 'Least severe messages that are logged on stderr; debug adds stack traces to errors',
  },
} as const satisfies Record<string, Options>;

/** The values of {@link globalOptions}. */
export interface GlobalArguments {
  readonly 'log-level': string;
}

/** Does the work of a command and resolves with the exit code. */
export type Command<A> = (args: A, session: Session) => Promise<number>;

/** A command as the help shows it, and how its code is loaded: commands are imported only when they are called, so that help is there at once. */
export interface CommandEntry {
  /** Name and arguments: `call <connector> <action>`. */
  readonly usage: string;
  readonly description: string;
  /** The arguments of `usage`. */
  readonly positionals: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, Options>>;
  /** Command line and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  load(): Promise<Command<never>>;
}

/** An entry whose command takes exactly what its positionals and options give. */
function entry<const P extends Record<string, PositionalOptions>, const O extends Record<string, Options>>(
  declared: Omit<CommandEntry, 'positionals' | 'options' | 'load'> & {
    readonly positionals?: P;
    readonly options?: O;
    load(): Promise<Command<InferredOptionTypes<P> & InferredOptionTypes<O> & GlobalArguments>>;
  },
): CommandEntry {
  return { positionals: {}, options: {}, ...declared };
}

const json = { type: 'boolean', default: false, describe: 'JSON instead of a table' } as const;
const stream = {
  type: 'string',
  array: true,
  requiresArg: true,
  describe: 'Only this stream; may be repeated',
} as const;
const connector = {
  type: 'string',
  demandOption: true,
  describe: 'Name of a package, or ./path of a package or a module',
} as const;
const config = {
  alias: 'c',
  type: 'string',
  requiresArg: true,
  describe: 'Config file, YAML or JSON; - is stdin. It may contain { $env: NAME } and { $file: PATH }',
} as const;

/** Every command, in the order of the help. */
export const commandTable: readonly CommandEntry[] = [
  entry({
    usage: 'list',
    description: 'Lists the connectors that are installed here',
    options: { json },
    examples: [['$0 list', 'Name, type, version and package of each']],
    load: async () => (await import('./commands/list.ts')).list,
  }),
  entry({
    usage: 'about <connector>',
    description: 'Describes a connector and the properties of its config',
    positionals: { connector },
    options: {
      format: { choices: ['table', 'json', 'markdown'], default: 'table', describe: 'Output format' },
      json: { type: 'boolean', describe: 'The same as --format json' },
    },
    examples: [
      ['$0 about c8-source-postgres', 'A table of its properties'],
      ['$0 about c8-source-postgres --format markdown', 'The same for a README'],
    ],
    load: async () => (await import('./commands/about.ts')).about,
  }),
  entry({
    usage: 'schema <of>',
    description:
      'Prints the JSON Schema of a config, connection or alert file, for completion and checks in an editor, or of the events of a run',
    positionals: {
      of: {
        type: 'string',
        demandOption: true,
        describe: 'A connector, as for about, or one of: connection, alert, events',
      },
    },
    examples: [
      ['$0 schema c8-source-postgres > postgres.schema.json', 'For its config files'],
      ['$0 schema connection > schema.json', 'With the configs of all connectors inside'],
      ['$0 schema events > events.json', 'For what sync --json prints'],
    ],
    load: async () => (await import('./commands/schema.ts')).schema,
  }),
  entry({
    usage: 'validate <connector>',
    description: 'Checks a config against the real service, step by step',
    positionals: { connector },
    options: { config, json },
    examples: [['$0 validate c8-source-postgres --config pg.yaml', 'Address, login, rights …']],
    load: async () => (await import('./commands/validate.ts')).validate,
  }),
  entry({
    usage: 'samples <connector>',
    description: 'Shows the first rows of each stream',
    positionals: { connector },
    options: { config, stream, json },
    examples: [['$0 samples c8-source-postgres --config pg.yaml --stream public-orders', 'Ten rows of one table']],
    load: async () => (await import('./commands/samples.ts')).samples,
  }),
  entry({
    usage: 'schemas <connector>',
    description: 'Shows the columns of each stream and their types',
    positionals: { connector },
    options: { config, stream, json },
    examples: [['$0 schemas c8-source-postgres --config pg.yaml', 'Columns of every table']],
    load: async () => (await import('./commands/schemas.ts')).schemas,
  }),
  entry({
    usage: 'discover <connector>',
    description: 'Lists the streams of a source; with --json as a Singer catalog',
    positionals: { connector },
    options: { config, json },
    examples: [
      ['$0 discover c8-source-postgres --config pg.yaml', 'Streams, keys, row estimates'],
      ['$0 discover c8-source-postgres --config pg.yaml --json > catalog.json', 'The catalog'],
    ],
    load: async () => (await import('./commands/discover.ts')).discover,
  }),
  entry({
    usage: 'call <connector> <action>',
    description: 'Calls one action of an integration, and shows its output',
    positionals: {
      connector,
      action: { type: 'string', demandOption: true, describe: 'Name of the action; about lists them' },
    },
    options: {
      config,
      input: { alias: 'i', type: 'string', requiresArg: true, describe: 'Input file, YAML or JSON; - is stdin' },
      set: {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'PROPERTY=VALUE of the input; may be repeated',
      },
      json,
    },
    examples: [
      ['$0 call c8-integration-slack postMessage --config slack.yaml --input hello.yaml', 'From a file'],
      ['$0 call c8-integration-slack postMessage -c slack.yaml --set text=Hello', 'From the command line'],
    ],
    load: async () => (await import('./commands/call.ts')).call,
  }),
  entry({
    usage: 'sync <connection>',
    description: 'Copies the streams of a source into a target, and resumes where the last run ended',
    positionals: {
      connection: { type: 'string', demandOption: true, describe: 'Connection file, YAML or JSON' },
    },
    options: {
      'full-refresh': {
        type: 'string',
        array: true,
        describe: 'Read these streams from their beginning; all streams when none is named',
      },
      'keep-state': {
        type: 'boolean',
        default: false,
        describe:
          'Resume even though the target now writes to another place; the data of a finished run must have been copied there',
      },
      concurrency: {
        type: 'number',
        requiresArg: true,
        describe: 'How many streams, or parts of them, are copied at once; default: the value in the file, or 1',
      },
      until: {
        type: 'string',
        requiresArg: true,
        describe:
          'How long a change log is followed: now (to its end), forever, or a number of seconds; default: as the config says',
      },
      follow: { type: 'boolean', default: false, describe: 'The same as --until forever' },
      json: { type: 'boolean', default: false, describe: 'Events of the run on stdout, one JSON object per line' },
      progress: {
        type: 'boolean',
        default: true,
        describe: 'Show progress bars when stderr is a terminal; --no-progress logs instead',
      },
      notify: {
        type: 'string',
        requiresArg: true,
        describe: 'Alert file, YAML or JSON: the integration that is called when the run has ended',
      },
    },
    examples: [
      ['$0 sync orders.yaml', 'Runs the connection, or resumes it'],
      [
        '$0 sync orders.yaml --full-refresh --no-progress',
        'All streams from the beginning, with a log instead of bars',
      ],
      ['$0 sync orders.yaml --full-refresh public-orders', 'Only this stream from the beginning'],
      ['$0 sync orders.yaml --notify alert.yaml', 'Sends an alert when it fails'],
    ],
    load: async () => (await import('./commands/sync.ts')).sync,
  }),
  entry({
    usage: 'state <connection>',
    description: 'Shows the bookmark of each stream of a connection, or changes that of one',
    positionals: {
      connection: { type: 'string', demandOption: true, describe: 'Connection file, YAML or JSON' },
    },
    options: {
      stream: { type: 'string', requiresArg: true, describe: 'Only this stream' },
      set: { type: 'string', requiresArg: true, describe: 'Bookmark of the stream as JSON; the next run starts there' },
      reset: { type: 'boolean', default: false, describe: 'Read the stream from its beginning in the next run' },
      json,
    },
    examples: [
      ['$0 state orders.yaml', 'Method and bookmark of each stream'],
      ['$0 state orders.yaml --stream public-orders --reset', 'Read it from its beginning in the next run'],
    ],
    load: async () => (await import('./commands/state.ts')).state,
  }),
  entry({
    usage: 'objects <connection>',
    description: 'Lists the committed objects in the target of a connection',
    positionals: {
      connection: { type: 'string', demandOption: true, describe: 'Connection file, YAML or JSON' },
    },
    options: {
      stream: { type: 'string', requiresArg: true, describe: 'Only this stream' },
      all: { type: 'boolean', default: false, describe: 'Also the objects of older versions' },
      json: { type: 'boolean', default: false, describe: 'One JSON object per line instead of a table' },
    },
    examples: [
      ['$0 objects orders.yaml', 'Objects of each stream, with their rows'],
      ['$0 objects orders.yaml --stream public-orders --json', 'For a script'],
    ],
    load: async () => (await import('./commands/objects.ts')).objects,
  }),
  entry({
    usage: 'slot <action> <connection>',
    description: 'Drops the slot that the server of a source keeps for a connection that is no longer needed',
    positionals: {
      action: { choices: ['drop'] as const, demandOption: true, describe: 'What to do with the slot' },
      connection: { type: 'string', demandOption: true, describe: 'Connection file, YAML or JSON' },
    },
    options: {
      yes: { alias: 'y', type: 'boolean', default: false, describe: 'Drop it without asking' },
    },
    examples: [
      ['$0 slot drop orders.yaml', 'Shows what the server retains, and asks'],
      ['$0 slot drop orders.yaml --yes', 'The same in a script'],
    ],
    load: async () => (await import('./commands/slot.ts')).slot,
  }),
  entry({
    usage: 'new [type] [name]',
    description: 'Creates a connector: a small sample, or a copy of another connector with every name changed',
    positionals: {
      type: { type: 'string', describe: 'source, target or integration; asks when omitted' },
      name: { type: 'string', describe: 'Name of the service: acme makes the package c8-source-acme' },
    },
    options: {
      like: {
        type: 'string',
        requiresArg: true,
        describe: 'Connector to copy: name of a package, or ./path of its folder',
      },
      folder: {
        type: 'string',
        requiresArg: true,
        describe: 'Parent folder; default: connectors/ in a workspace, otherwise the current folder',
      },
    },
    examples: [
      ['$0 new', 'Asks for everything'],
      ['$0 new source acme', 'c8-source-acme, from the sample of a source'],
      ['$0 new acme --like c8-source-postgres', 'A copy of another connector, with its type'],
    ],
    load: async () => (await import('./commands/new.ts')).newConnector,
  }),
  entry({
    usage: 'check [folder]',
    description: 'Checks the package of a connector against the guidelines, or any Singer program against the protocol',
    positionals: { folder: { type: 'string', describe: 'Folder of the package; default: the current folder' } },
    options: {
      conformance: {
        type: 'boolean',
        default: false,
        describe: 'Run the conformance kit of the package as well',
      },
      singer: {
        type: 'string',
        requiresArg: true,
        describe: 'Command line of a tap or a target in any language, instead of a folder',
      },
      type: { choices: ['tap', 'target'], describe: 'Type of the program of --singer; default: taken from its name' },
      only: {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Only this rule or number; may be repeated',
      },
      watch: { type: 'boolean', default: false, describe: 'Check again after each change of a file' },
      update: { type: 'boolean', default: false, describe: 'Update the generated docs first' },
      json,
    },
    examples: [
      ['$0 check ./c8-source-acme', 'Findings with file, rule and fix'],
      ['$0 check --conformance --only 34 --only 38', 'Two checks of the kit'],
      ["$0 check --singer 'tap-github --config github.json'", 'A tap written in any language'],
    ],
    load: async () => (await import('./commands/check.ts')).check,
  }),
];
