/** The long tests, *.soak.test.ts: `npm run soak` runs all of them, `npm run verify` and so CI a part that a seed draws. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesIn, samplesRoom } from './packages.mjs';

const root = join(import.meta.dirname, '..');

/** Seconds that the drawn tests may take together, one after the other. */
const budget = 600;

/** Seconds that a test counts for which does not name them. */
const usual = 30;

/** All long tests: path from the root, and seconds that each takes alone on two cores, by its first line. */
export function longTests() {
  const folders = ['packages', 'connectors', samplesRoom].flatMap(packagesIn).map((folder) => `${folder}/test`);
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${name}`))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.soak.test.ts'))
    .map((path) => ({ path, seconds: secondsOf(readFileSync(join(root, path), 'utf8')) ?? usual }));
}

/** The seconds that a test takes by its first line, `// Takes about 90 s.`; undefined without one. */
export function secondsOf(text) {
  const [, seconds] = /^\/\/ Takes about (\d+) s\./.exec(text) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

/** The paths that a seed draws, always the same ones: as many as there is time for, and at least one. */
export function drawLongTests(seed, tests) {
  const keyOf = ({ path }) => createHash('sha256').update(`${seed} ${path}`).digest('hex');
  const shuffled = [...tests].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const drawn = [];
  let left = budget;
  for (const { path, seconds } of shuffled) {
    if (drawn.length > 0 && seconds > left) continue;
    drawn.push(path);
    left -= seconds;
  }
  return drawn.sort();
}

/** The seed of a commit: running it again draws the same part, another commit draws another one. */
export function seedOfCommit() {
  const { stdout } = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return stdout?.trim() || 'no-commit';
}
