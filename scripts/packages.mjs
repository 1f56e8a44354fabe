/** Where the packages of this workspace stand, and which connectors are the project's own. Folders are relative to the root, with `/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The folder of the connectors that `c8connector new` copies. */
export const samplesRoom = 'packages/c8connector-cli/samples';

/** The packages of a room such as `connectors`. What another branch left there, `dist` or `node_modules`, has no package.json. */
export function packagesIn(room) {
  return readdirSync(join(root, room))
    .map((name) => `${room}/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')));
}

/**
 * The connectors that the table of the root README links to. Every other one in `connectors/` belongs to somebody who works in a clone: it follows the guidelines and
 * has its own tests, and no check of our docs or of our release applies to it.
 */
export function projectConnectors() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const folders = [...readme.matchAll(/^\| \[[^\]]+\]\((connectors\/[^/)]+)\/README\.md\)/gm)].map(
    ([, folder]) => folder,
  );
  if (folders.length === 0) throw new Error('the table of README.md links to no connector');
  return folders;
}

/** The parsed package.json of a folder. */
export function manifestOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
