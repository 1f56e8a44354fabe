import { parseArgs } from 'node:util';
import type { ConnectorType } from '../interface/connector.ts';
import { ConfigError } from '../interface/errors.ts';
import type { Until } from '../interface/progress.ts';
import { parseUntil } from './until.ts';

/** What a connector's own program can do. */
type Verb = 'run' | 'discover' | 'validate' | 'samples' | 'schemas' | 'objects' | 'about' | 'version' | 'help';

export interface ProgramArguments {
  readonly verb: Verb;
  readonly config?: string;
  readonly catalog?: string;
  readonly state?: string;
  /** For an integration: what to do with each line, the template of its input, and where the results go. */
  readonly action?: string;
  readonly input?: string;
  readonly results?: string;
  /** For a target: which of its objects are listed. */
  readonly stream?: string;
  readonly all?: boolean;
  /** For a source: until when it follows a log. */
  readonly until?: Until;
  readonly format: 'json' | 'markdown';
  readonly logLevel: string;
}

const flags = {
  config: { type: 'string', short: 'c' },
  state: { type: 'string', short: 's' },
  catalog: { type: 'string' },
  properties: { type: 'string', short: 'p' },
  action: { type: 'string' },
  input: { type: 'string' },
  results: { type: 'string' },
  until: { type: 'string' },
  follow: { type: 'boolean' },
  discover: { type: 'boolean', short: 'd' },
  validate: { type: 'boolean' },
  samples: { type: 'boolean' },
  schemas: { type: 'boolean' },
  objects: { type: 'boolean' },
  stream: { type: 'string' },
  all: { type: 'boolean' },
  about: { type: 'boolean' },
  format: { type: 'string', default: 'json' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'log-level': { type: 'string', default: 'info' },
} as const;

const verbs = ['help', 'version', 'about', 'validate', 'discover', 'samples', 'schemas', 'objects'] as const;
const logLevels = ['debug', 'info', 'warn', 'error', 'silent'];
const formats = ['json', 'markdown'] as const;

/** Reads the command line of a connector's program. Throws a ConfigError `call_invalid` that names the flag at fault. */
export function programArguments(argv: readonly string[], type: ConnectorType): ProgramArguments {
  const values = parse(argv);
  const asked = verbs.filter((verb) => values[verb] === true);
  const verb: Verb = asked[0] ?? 'run';
  if (asked.length > 1 && verb !== 'help') throw invalid(`--${asked.join(' and --')} do not go together`);
  if (type !== 'source' && (verb === 'discover' || values.catalog !== undefined || values.properties !== undefined)) {
    throw invalid(`${withArticle(type)} has no catalog: --discover, --catalog and --properties are for sources`);
  }
  const { action, input, results } = values;
  if (type !== 'integration' && (action ?? input ?? results) !== undefined) {
    throw invalid(`--action, --input and --results are for integrations, not for a ${type}`);
  }
  if (type === 'integration' && verb === 'run' && action === undefined) throw invalid('--action NAME is missing');
  if (type !== 'target' && verb === 'objects') throw invalid(`--objects is for targets, not for ${withArticle(type)}`);
  if (verb !== 'objects' && (values.stream ?? values.all) !== undefined)
    throw invalid('--stream and --all go with --objects');
  const until = parseUntil(values);
  if (type !== 'source' && until !== undefined)
    throw invalid(`--until and --follow are for sources, not for a ${type}`);
  const format = formats.find((known) => known === values.format);
  if (format === undefined) throw invalid(`--format ${values.format}: use ${formats.join(' or ')}`);
  if (!logLevels.includes(values['log-level'])) {
    throw invalid(`--log-level ${values['log-level']}: use one of ${logLevels.join(', ')}`);
  }
  if (values.config === undefined && !['help', 'version', 'about'].includes(verb)) {
    throw invalid('--config FILE is missing');
  }
  const catalog = values.catalog ?? values.properties;
  return {
    verb,
    format,
    logLevel: values['log-level'],
    ...(values.config === undefined ? {} : { config: values.config }),
    ...(catalog === undefined ? {} : { catalog }),
    ...(values.state === undefined ? {} : { state: values.state }),
    ...(action === undefined ? {} : { action }),
    ...(input === undefined ? {} : { input }),
    ...(results === undefined ? {} : { results }),
    ...(until === undefined ? {} : { until }),
    ...(values.stream === undefined ? {} : { stream: values.stream }),
    ...(values.all === undefined ? {} : { all: values.all }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flags, allowPositionals: false }).values;
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function withArticle(type: ConnectorType): string {
  return `${type === 'integration' ? 'an' : 'a'} ${type}`;
}

function invalid(message: string): ConfigError {
  return new ConfigError(message, { code: 'call_invalid' });
}

/** How a program is called, by the type of its connector. */
const usages: Readonly<Record<ConnectorType, (name: string) => string>> = {
  source: (name) => `  ${name} --config FILE --catalog FILE [--state FILE]   writes Singer messages to stdout
  ${name} --config FILE --discover                     writes the catalog`,
  target: (name) =>
    `  some-tap … | ${name} --config FILE                   reads Singer messages from stdin, writes states to stdout
  ${name} --config FILE --objects                      lists what was committed, one JSON object per line`,
  integration: (name) => `  ${name} --config FILE --action NAME < lines           JSON in and results out, one per line
  some-tap … | ${name} --config FILE --action NAME --input FILE [--results FILE]
                                           calls the action for each row, writes states to stdout`,
};

const ownOptions: Readonly<Record<ConnectorType, string>> = {
  source: `
  -d, --discover         -p, --properties FILE (same as --catalog)
      --until WHEN       how long a change log is followed: now (to its end), forever, or a number of seconds
      --follow           the same as --until forever`,
  target: `
      --stream NAME      for --objects: only those of this stream
      --all              for --objects: those of older versions as well`,
  integration: `
      --action NAME      action to call; --about lists them
      --input FILE       for Singer input: JSON with {{column}} in its texts; default: the row itself
      --results FILE     for Singer input: file for the results, as JSON lines`,
};

/** The text of --help. */
export function helpText(name: string, type: ConnectorType): string {
  return `Usage
${usages[type](name)}
  ${name} --config FILE --validate | --samples | --schemas
  ${name} --about [--format json|markdown]

Options
  -c, --config FILE      JSON object with the settings; --about lists them
  -s, --state FILE       Singer state to resume from${ownOptions[type]}
      --log-level LEVEL  debug, info, warn, error or silent; on stderr (info)
      --version, -h, --help

Exit codes
  0 success   1 failed   2 invalid config or command line   3 connection or login failed   129, 130, 143 stopped by a signal
`;
}
