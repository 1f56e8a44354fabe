/** Languages of blocks that are shown only, each with its reason. */
export const shown: Readonly<Record<string, string>> = {
  text: 'a picture, a name or an output that is not a command line',
  sql: 'for the shell of a database, which is not there; the tests of the connectors run such statements',
};

/** Pages whose commands are run by walk.soak.test.ts, one after the other, and their output compared. */
export const walked: readonly string[] = [
  'docs/write-a-source.md',
  'docs/write-a-target.md',
  'docs/write-an-integration.md',
];

/** Commands of c8connector that need no service: they are run on every page. */
export const alone: readonly string[] = ['about', 'list', 'schema'];

/**
 * Programs of other pages that are not run, each with its reason. Of our own programs the call is still parsed by the program's own parser, so that no option is shown that
 * does not exist.
 */
export const notRun: Readonly<Record<string, string>> = {
  'c8connector validate': 'needs the service; test/commands/validate.test.ts runs it',
  'c8connector samples': 'needs the service; test/commands/streams.test.ts runs it',
  'c8connector schemas': 'needs the service; test/commands/streams.test.ts runs it',
  'c8connector discover': 'needs the service; test/commands/streams.test.ts runs it',
  'c8connector call': 'needs the service; test/slack.test.ts runs it',
  'c8connector sync': 'needs both services; test/postgres-to-s3 runs it',
  'c8connector state': 'needs a connection that ran; test/commands/state.test.ts runs it',
  'c8connector objects': 'needs a connection that ran; test/postgres-to-s3/kills.test.ts runs it',
  'c8connector slot': 'needs a connection that ran; test/postgres-to-s3/slot.test.ts runs it',
  'c8connector new': 'packs the workspace; the pages of connector authors run it',
  'c8connector check': 'needs the program that it names; test/commands/check-singer.test.ts runs it',
  'c8-source-postgres': 'needs a database; the tests of the connector run its program',
  'c8-source-mysql': 'needs a database; the tests of the connector run its program',
  'c8-target-s3': 'needs a bucket; the tests of the connector run its program',
  'c8-integration-slack': 'needs a workspace at Slack; the tests of the connector run its program',
  'c8-source-sample': 'needs an API; docs/write-a-source.md runs a copy of it',
  'c8-target-sample': 'docs/write-a-target.md runs a copy of it',
  'c8-integration-sample': 'needs a webhook; docs/write-an-integration.md runs a copy of it',
  npm: 'installs packages, or runs what runs this test',
  vitest: 'runs this test',
  go: 'installs another server',
  'packages/test-services/bin/fetch-mysql.sh': 'downloads another server',
  aws: 'needs an account at AWS',
  openssl: 'makes keys; the TLS tests of the source use some of the same kind',
  'some-tap': 'stands for any other Singer tap',
  'some-target': 'stands for any other Singer target',
};

/** Shell words that only wrap other commands. */
export const shellWords: readonly string[] = ['cd', 'echo', 'cat', 'tail', 'mkdir', 'export', 'printf', 'chmod', 'rm'];

/** Documents that are not config, input, connection or alert of ours, by the keys they begin with. */
export const otherDocuments: Readonly<Record<string, string>> = {
  Version: 'a policy of AWS',
  display_information: 'a manifest of a Slack app',
};

/** Commands of the pages that are walked which are not run, by how they begin, each with its reason. */
export const notWalked: Readonly<Record<string, string>> = {
  'npm install': 'everything is linked from this workspace; test/release installs it',
  'npm publish': 'publishes',
};
