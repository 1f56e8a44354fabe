// Takes about 180 s.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const program = join(root, 'packages/c8connector-cli/bin/c8connector-cli.js');

/** A name that no connector in anyone's clone has. */
const made = {
  'c8-source-untouched': ['source', 'untouched'],
  'c8-target-untouched': ['target', 'untouched'],
  'c8-integration-untouched': ['integration', 'untouched'],
  'c8-source-untouched-copy': ['source', 'untouched-copy', '--like', 'c8-source-postgres'],
};
const names = Object.keys(made);

/**
 * Of the other tests those that read what is in the whole workspace: every page, every package, every connector that is installed. What a new connector cannot change
 * takes another two minutes and runs without it.
 */
const ofTheWorkspace = ['docs', 'release', 'workspace'].map((name) => `packages/c8connector-cli/test/${name}`);

/** What the author of a connector may write about it, and none of our pages. */
const ownPage = `
\`\`\`python
import acme
\`\`\`

\`\`\`sh
acme login && docker run acme | tee out.txt
\`\`\`

\`\`\`ts
const wrong: number = 'not ours to compile';
\`\`\`

\`\`\`yaml
anything: [goes]
\`\`\`

See [the API](https://acme.example) and [a page that is not written yet](docs/api.md).
`;

let workspace: string;
beforeAll(() => {
  workspace = join(mkdtempSync(join(tmpdir(), 'c8connector-workspace-')), 'clone');
  const tracked = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const paths = `${tracked.stdout}`.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
  for (const path of paths) cpSync(join(root, path), join(workspace, path), { recursive: true });
  for (const words of Object.values(made)) run(process.execPath, program, 'new', ...words);
  appendFileSync(join(workspace, 'connectors/c8-source-untouched/README.md'), ownPage);
});
afterAll(() => rmSync(join(workspace, '..'), { recursive: true, force: true }));

/** Runs a command in the copy, outside of CI and of any other run, and returns its output. */
function run(command: string, ...args: string[]): string {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:CI|C8_.*|NODE_OPTIONS|NODE_PATH|FORCE_COLOR|VITEST.*|npm_.*)$/.test(name),
  );
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: workspace,
    env: { ...Object.fromEntries(own), NO_COLOR: '1' },
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  expect(`${stdout}${stderr}\nexit code ${status}`).toMatch(/exit code 0$/);
  return `${stdout}${stderr}`;
}

test('New connectors in the workspace are linked, locked, tested and listed after the next npm test', () => {
  const output = run('npm', 'test', '--', ...ofTheWorkspace, ...names.map((name) => `connectors/${name}/`));
  const lockfile = readFileSync(join(workspace, 'pnpm-lock.yaml'), 'utf8');
  const listed = run('npx', 'c8connector', 'list');
  for (const name of names) {
    expect(output).toContain(`connectors/${name}/test/conformance.test.ts`);
    expect(lockfile).toContain(`connectors/${name}:`);
    expect(listed).toContain(name);
  }
}, 900_000);

test('New connectors in the workspace pass every step of npm run verify', () => {
  const output = run('npm', 'run', 'check');
  for (const name of names) expect(output).toContain(`✓ ${name} `);
}, 900_000);
