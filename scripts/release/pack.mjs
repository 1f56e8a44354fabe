/**
 * Packs every public package into a folder, `release` unless another one is given, with `packages.json`: their names, versions, tarballs and digests, each package after
 * those that it depends on. The packages must be built.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { manifestOf, packagesIn } from '../packages.mjs';

const destination = resolve(process.argv[2] ?? 'release');
const folders = new Map();
for (const folder of ['packages', 'connectors'].flatMap(packagesIn)) {
  const { name, private: isPrivate } = manifestOf(folder);
  if (isPrivate !== true) folders.set(name, folder);
}

mkdirSync(destination, { recursive: true });
for (const old of readdirSync(destination).filter((name) => name.endsWith('.tgz'))) rmSync(join(destination, old));
const packed = withRepository(pack).map(({ name, version, filename, integrity }) => ({
  name,
  version,
  folder: folders.get(name),
  file: basename(filename),
  integrity,
}));
writeFileSync(join(destination, 'packages.json'), `${JSON.stringify(packed, null, 2)}\n`);

function pack() {
  const filters = [...folders.keys()].flatMap((name) => ['--filter', name]);
  const args = ['-r', ...filters, 'pack', '--json', '--pack-destination', destination];
  const { status, stdout, stderr, error } = spawnSync('pnpm', args, {
    encoding: 'utf8',
    maxBuffer: 1e8,
    shell: process.platform === 'win32',
  });
  if (status === 0) return JSON.parse(stdout);
  throw new Error(`pnpm ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}\n${stdout}${stderr}`);
}

/**
 * The registry accepts a provenance only for a package that names the repository it was built from. Only the job knows which one that is, since a fork is released under
 * its own; so package.json has it while it is packed.
 */
function withRepository(run) {
  const { GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = process.env;
  if (repository === undefined) return run();
  const before = new Map([...folders.values()].map((folder) => [folder, readFileSync(join(folder, 'package.json'))]));
  for (const [folder, text] of before) {
    const named = { type: 'git', url: `git+${server}/${repository}.git`, directory: folder };
    const manifest = { ...JSON.parse(text), repository: named };
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  try {
    return run();
  } finally {
    for (const [folder, text] of before) writeFileSync(join(folder, 'package.json'), text);
  }
}
