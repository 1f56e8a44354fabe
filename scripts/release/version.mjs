/** Makes what the pull request of the next versions holds, from the changesets: versions and changelogs, and what follows from them. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packagesIn } from '../packages.mjs';

execute('pnpm', 'exec', 'changeset', 'version');
execute('pnpm', 'install', '--lockfile-only', '--no-frozen-lockfile', '--prefer-offline');
execute('pnpm', 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only');
const { about, isC8Connector } = await import('c8connector');
for (const folder of packagesIn('connectors')) {
  const exported = Object.values(await import(pathToFileURL(join(folder, 'dist', 'index.js')).href));
  const Connector = exported.find((each) => typeof each === 'function' && isC8Connector(each.prototype && new each()));
  writeFileSync(join(folder, 'about.json'), `${JSON.stringify(about(new Connector()), null, 2)}\n`);
}
execute('node', 'scripts/generate-docs.mjs');

function execute(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
  process.exit(status ?? 1);
}
