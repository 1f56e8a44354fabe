/**
 * Publishes the tarballs that pack.mjs made, byte for byte, except those whose version the registry has; with --dry-run it sends nothing. The folder is `release` unless
 * another one is given. It needs Node and npm, installs nothing and runs no code of the packages, so it may run where the secrets are.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const words = process.argv.slice(2);
const folder = resolve(words.find((word) => !word.startsWith('-')) ?? 'release');
// A provenance needs the identity of the runner, which no other machine has.
const proof = process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined ? [] : ['--provenance'];
const dry = words.includes('--dry-run') ? ['--dry-run'] : [];

const packages = JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8'));
for (const { file, integrity } of packages) {
  const digest = createHash('sha512')
    .update(readFileSync(join(folder, file)))
    .digest('base64');
  if (`sha512-${digest}` !== integrity)
    fail(`${file} is not the tarball that was packed: packages.json has another digest`);
}
for (const { name, version, file } of packages) {
  if (isPublished(name, version)) {
    console.log(`${name}@${version} is on the registry already`);
    continue;
  }
  const publish = ['publish', join(folder, file), '--access', 'public', '--ignore-scripts', ...proof, ...dry];
  const { status, error } = npm(publish, 'inherit');
  if (status !== 0) fail(`npm ${publish.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
}

function isPublished(name, version) {
  const { status, stdout, stderr, error } = npm(['view', `${name}@${version}`, 'version', '--json'], 'pipe');
  if (status === 0) return stdout.trim() !== '';
  if (stdout?.includes('"E404"')) return false;
  return fail(`npm view ${name}@${version}: ${error?.message ?? `exit code ${status}`}\n${stdout}${stderr}`);
}

function npm(args, stdio) {
  return spawnSync('npm', args, { stdio, encoding: 'utf8', shell: process.platform === 'win32' });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
