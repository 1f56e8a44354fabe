import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../.cache/', import.meta.url));

/** Each peer has its own Python environment. `program` is in that folder, and prints its version with the arguments `version`. */
const peers = {
  dlt: {
    packages: ['dlt[filesystem,parquet]', 'connectorx', 'sqlalchemy', 'psycopg2-binary'],
    program: (folder) => join(folder, 'bin', 'python'),
    version: ['-c', 'import dlt, connectorx; print(f"dlt {dlt.__version__}, connectorx {connectorx.__version__}")'],
  },
  sling: {
    // The package `sling` downloads its program when it first runs; this package contains it.
    packages: ['sling-linux-amd64'],
    program: (folder) => {
      const [python = ''] = readdirSync(join(folder, 'lib'));
      return join(folder, 'lib', python, 'site-packages/sling_linux_amd64/bin/sling-linux-amd64');
    },
    version: ['--version'],
  },
  'pipelinewise-tap-postgres': tap('pipelinewise-tap-postgres'),
  'meltanolabs-tap-postgres': tap('meltanolabs-tap-postgres'),
  'pipelinewise-tap-mysql': tap('pipelinewise-tap-mysql'),
};

function tap(name) {
  return {
    packages: [name],
    program: (folder) => join(folder, 'bin', 'python'),
    version: ['-c', `from importlib.metadata import version; print("${name}", version("${name}"))`],
  };
}

/** The program of a peer and its version, or why it is missing. Installs it once. */
export function peerTool(name) {
  const { packages, program, version } = peers[name];
  const folder = join(cache, name);
  if (!existsSync(join(folder, 'installed'))) {
    mkdirSync(cache, { recursive: true });
    const steps = [
      ['python3', '-m', 'venv', folder],
      [join(folder, 'bin', 'pip'), 'install', '--quiet', ...packages],
      ['touch', join(folder, 'installed')],
    ];
    for (const [command, ...args] of steps) {
      const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
      if (status !== 0) return { missing: error?.message ?? stderr.trim().split('\n').at(-1) };
    }
  }
  const path = program(folder);
  if (!existsSync(path)) return { missing: `its package has no ${path}` };
  if (name === 'sling') chmodSync(path, 0o755);
  const { status, stdout, stderr } = spawnSync(path, version, { encoding: 'utf8' });
  if (status !== 0) return { missing: stderr.trim().split('\n').at(-1) };
  return { path, version: stdout.trim() };
}
