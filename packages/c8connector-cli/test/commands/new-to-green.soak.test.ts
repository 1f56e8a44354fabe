// Takes about 90 s.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const program = join(root, 'packages/c8connector-cli/bin/c8connector-cli.js');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'c8connector-new-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command outside of CI and of any other run, and returns its output. */
function run(cwd: string, command: string, ...args: string[]): string {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:CI|NODE_OPTIONS|NODE_PATH|FORCE_COLOR|VITEST.*|npm_.*)$/.test(name),
  );
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: Object.fromEntries(own), encoding: 'utf8' });
  expect(`${stdout}${stderr}\nexit code ${status}`).toMatch(/exit code 0$/);
  return `${stdout}${stderr}`;
}

describe('An untouched new connector', () => {
  it.each(['source', 'target', 'integration'])(
    'that is standalone, of type %s, builds, lints, passes its tests and its guidelines',
    (type) => {
      run(folder, process.execPath, program, 'new', type, 'acme');
      const made = join(folder, `c8-${type}-acme`);
      run(made, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
      run(made, 'npm', 'test');
      run(made, 'npm', 'run', 'check');
      run(made, 'npm', 'run', 'lint');
    },
    300_000,
  );
});
