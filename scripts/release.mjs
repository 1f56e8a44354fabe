/**
 * The two halves of a release, called by scripts/workspace.mjs: `version` makes what the pull request of the next versions holds, `publish` sends to the registry what it
 * has not yet and tags it. With --dry-run `publish` sends and tags nothing.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { manifestOf, packagesIn } from './packages.mjs';

const [half, ...options] = process.argv.slice(2);
const isDry = options.includes('--dry-run');

if (half === 'version') await version();
else if (half === 'publish') publish();
else fail(`unknown half '${half}': use version or publish`, 2);

/** What follows from the new versions is renewed with them: the lock file, what the connectors say of themselves, and the docs. */
async function version() {
  execute('pnpm', 'exec', 'changeset', 'version');
  execute('pnpm', 'install', '--lockfile-only', '--no-frozen-lockfile', '--prefer-offline');
  execute('pnpm', 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only');
  const { about, isC8Connector } = await import('c8connector');
  for (const folder of packagesIn('connectors')) {
    const exported = Object.values(await import(pathToFileURL(join(folder, 'dist', 'index.js')).href));
    const Connector = exported.find(
      (each) => typeof each === 'function' && isC8Connector(each.prototype && new each()),
    );
    writeFileSync(join(folder, 'about.json'), `${JSON.stringify(about(new Connector()), null, 2)}\n`);
  }
  execute('node', 'scripts/generate-docs.mjs');
}

function publish() {
  const repository = process.env.GITHUB_REPOSITORY;
  if (repository !== undefined) nameRepository(`${process.env.GITHUB_SERVER_URL}/${repository}`);
  // What proves where a package was built needs the runner's identity, which no other machine has.
  const proof = process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined ? [] : ['--provenance'];
  const dry = isDry ? ['--dry-run'] : [];
  execute('pnpm', '-r', 'publish', '--access', 'public', '--no-git-checks', ...proof, ...dry);
  if (!isDry) execute('pnpm', 'exec', 'changeset', 'tag');
}

/** The registry takes a proof only for a package that names the repository it was built from; a fork is released under its own. */
function nameRepository(url) {
  for (const folder of ['packages', 'connectors'].flatMap(packagesIn)) {
    const manifest = manifestOf(folder);
    if (manifest.private === true) continue;
    const repository = { type: 'git', url: `git+${url}.git`, directory: folder };
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, repository }, null, 2)}\n`);
  }
}

function execute(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) fail(`${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`, status ?? 1);
}

function fail(message, code) {
  console.error(message);
  process.exit(code);
}
