/** Runs one task of the workspace with everything that it needs, on a machine that has only Node and npm: what the scripts of package.json call. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawLongTests, longTests, seedOfCommit } from './long-tests.mjs';
import { manifestOf, packagesIn, samplesRoom } from './packages.mjs';

process.env.TURBO_TELEMETRY_DISABLED = '1';
process.env.DO_NOT_TRACK = '1';
const isCi = Boolean(process.env.CI);
const [task, ...rest] = process.argv.slice(2);

/** Each step is a command, or a function that runs several; a task ends with the first that fails. */
const steps = {
  install: ['pnpm', 'install', '--prefer-offline', ...(isCi ? ['--frozen-lockfile'] : [])],
  lint: ['pnpm', 'exec', 'biome', 'ci', '.'],
  build: ['pnpm', 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only'],
  types: checkTypesOfTests,
  docs: ['node', 'scripts/generate-docs.mjs', '--check'],
  guidelines: checkGuidelines,
  unused: ['pnpm', 'exec', 'knip'],
  packaging: checkPackaging,
  test: ['pnpm', 'exec', 'vitest', 'run', ...rest],
  demo: ['node', 'scripts/demo.mjs', ...rest],
  bench: ['node', 'benchmarks/bench.mjs', ...rest],
  version: ['node', 'scripts/release/version.mjs'],
  publish: ['node', 'scripts/release/publish.mjs', ...rest],
};

const check = ['install', 'lint', 'build', 'types', 'docs', 'guidelines', 'unused', 'packaging'];
const tasks = {
  build: ['install', 'build'],
  demo: ['install', 'build', 'demo'],
  test: ['install', 'build', 'test'],
  soak: ['install', 'build', 'test'],
  bench: ['install', 'build', 'bench'],
  check,
  verify: [...check, 'test'],
  'version-packages': ['install', 'version'],
  release: ['install', 'build', 'packaging', 'publish'],
};

if (!Object.hasOwn(tasks, task)) {
  console.error(`unknown task '${task}': use one of ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}
usePnpm();
chooseLongTests();
for (const step of tasks[task]) {
  if (tasks[task].length > 3) console.log(`\n── ${step}`);
  if (typeof steps[step] === 'function') steps[step]();
  else execute(steps[step], task === 'demo' && step !== 'demo');
}

/** Does all of this inside of one npx, which brings pnpm, unless the pnpm of this workspace is on the PATH already: that saves a second and a half. */
function usePnpm() {
  const { version } = manifestOf('.').devEngines.packageManager;
  const shell = process.platform === 'win32';
  const isThere = () => spawnSync('pnpm', ['--version'], { encoding: 'utf8', shell }).stdout?.trim() === version;
  if (process.env.C8_PNPM === version || isThere()) return;
  const itself = ['node', 'scripts/workspace.mjs', task, ...rest];
  const npx = ['--yes', '--prefer-offline', `--package=pnpm@${version}`, '--', ...itself];
  const env = { ...process.env, C8_PNPM: version };
  const { status, error } = spawnSync('npx', npx, { stdio: 'inherit', shell, env });
  if (error !== undefined) console.error(`npx ${npx.join(' ')}: ${error.message}`);
  process.exit(status ?? 1);
}

/** Sets what vitest.config.ts reads, and prints which long tests run. */
function chooseLongTests() {
  if (!tasks[task].includes('test')) return;
  if (task === 'soak') process.env.C8_SOAK = '1';
  if (task === 'verify') process.env.C8_SOAK_SEED ??= seedOfCommit();
  const { C8_SOAK: all, C8_SOAK_SEED: seed } = process.env;
  if (all !== undefined) return;
  if (seed === undefined) {
    console.log('The long tests, *.soak.test.ts, are left out here; npm run soak runs them too.');
    return;
  }
  const tests = longTests();
  const drawn = drawLongTests(seed, tests);
  console.log(
    `Of the ${tests.length} long tests, all of which npm run soak runs, the seed ${seed} draws ${drawn.length}:`,
  );
  for (const path of drawn) console.log(`  ${path}`);
  console.log(`The same ones again: C8_SOAK_SEED=${seed} npm run ${task}`);
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
function checkTypesOfTests() {
  for (const folder of ['packages', 'connectors', samplesRoom].flatMap(packagesIn)) {
    const project = join(folder, 'test', 'tsconfig.json');
    if (existsSync(project)) execute(['pnpm', 'exec', 'tsc', '--noEmit', '-p', project]);
  }
}

/** Every connector follows the guidelines, and so does what a new one is copied from. */
function checkGuidelines() {
  for (const folder of ['connectors', samplesRoom].flatMap(packagesIn))
    execute(['node', 'packages/c8connector-cli/bin/c8connector-cli.js', 'check', folder]);
}

/** Packs every public package into `release`, and checks that its exports and types are right for those who install it. */
function checkPackaging() {
  execute(['node', 'scripts/release/pack.mjs']);
  for (const { folder, file } of JSON.parse(readFileSync('release/packages.json', 'utf8'))) {
    // It warns of the package.json of a sample, which is there to be copied.
    const isStrict = !existsSync(join(folder, 'samples'));
    execute(['pnpm', 'exec', 'publint', ...(isStrict ? ['--strict'] : []), join('release', file)]);
    execute(['pnpm', 'exec', 'attw', join('release', file), '--profile', 'esm-only', '--quiet']);
  }
}
