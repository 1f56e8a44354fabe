/**
 * Runs one task of the workspace with everything that it needs, on a machine that has only Node and npm: called by the scripts of package.json inside
 * one npx, where pnpm is on the PATH.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf, packagesIn, samplesRoom } from './packages.mjs';

process.env.TURBO_TELEMETRY_DISABLED = '1';
process.env.DO_NOT_TRACK = '1';
const isCi = Boolean(process.env.CI);
const [task, ...rest] = process.argv.slice(2);

/** Name and command of each step; a task ends with the first that fails. */
const steps = {
  install: ['pnpm', 'install', '--prefer-offline', ...(isCi ? ['--frozen-lockfile'] : [])],
  lint: ['pnpm', 'exec', 'biome', 'ci', '.'],
  build: ['pnpm', 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only'],
  docs: ['node', 'scripts/generate-docs.mjs', '--check'],
  test: ['pnpm', 'exec', 'vitest', 'run', ...rest],
  unused: ['pnpm', 'exec', 'knip'],
  demo: ['node', 'scripts/demo.mjs', ...rest],
  bench: ['node', 'benchmarks/bench.mjs', ...rest],
  version: ['node', 'scripts/release.mjs', 'version'],
  publish: ['node', 'scripts/release.mjs', 'publish', ...rest],
};

const tasks = {
  build: ['install', 'build'],
  demo: ['install', 'build', 'demo'],
  test: ['install', 'build', 'test'],
  soak: ['install', 'build', 'test'],
  bench: ['install', 'build', 'bench'],
  verify: ['install', 'lint', 'build', 'types', 'docs', 'guidelines', 'test', 'unused', 'packaging'],
  'version-packages': ['install', 'version'],
  release: ['install', 'build', 'packaging', 'publish'],
};

// The long runs at their full length.
if (task === 'soak' || task === 'verify') process.env.C8_SOAK = '1';
if (task === 'test' && !process.env.C8_SOAK)
  console.log('The long tests, *.soak.test.ts, are left out here; npm run soak runs them too.');

const quiet = new Set(['demo']);
if (!Object.hasOwn(tasks, task)) {
  console.error(`unknown task '${task}': use one of ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}
for (const step of tasks[task]) {
  if (task === 'verify') console.log(`\n── ${step}`);
  if (step === 'types') checkTests();
  else if (step === 'guidelines') checkConnectors();
  else if (step === 'packaging') checkPackages();
  else execute(steps[step], quiet.has(task) && step !== task);
}

/** Runs a command; what a preparing step of a quiet task prints is shown only when it fails. */
function execute([command, ...args], isQuiet = false) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    stdio: isQuiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  if (isQuiet) process.stderr.write(`${stdout}${stderr}`);
  console.error(`${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
  process.exit(status ?? 1);
}

/** The types of the tests, which the build leaves out. */
function checkTests() {
  for (const folder of ['packages', 'connectors', samplesRoom].flatMap(packagesIn)) {
    const project = join(folder, 'test', 'tsconfig.json');
    if (existsSync(project)) execute(['pnpm', 'exec', 'tsc', '--noEmit', '-p', project]);
  }
}

/** Every connector follows the guidelines, and so does what a new one is copied from. */
function checkConnectors() {
  for (const folder of ['connectors', samplesRoom].flatMap(packagesIn))
    execute(['node', 'packages/c8connector-cli/bin/c8connector-cli.js', 'check', folder]);
}

/** Every public package packs, and its exports and types are right for those who install it. */
function checkPackages() {
  for (const folder of ['packages', 'connectors'].flatMap(packagesIn)) {
    if (manifestOf(folder).private === true) continue;
    // It warns of the package.json of a sample, which is there to be copied.
    const isStrict = !existsSync(join(folder, 'samples'));
    execute(['pnpm', 'exec', 'publint', ...(isStrict ? ['--strict'] : []), folder]);
    execute(['pnpm', 'exec', 'attw', '--pack', folder, '--profile', 'esm-only', '--quiet']);
  }
}
