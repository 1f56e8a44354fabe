import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { freePort } from 'test-services';
import { type Block, blocksOf, placeOf, root } from './blocks.ts';
import { notWalked } from './classified.ts';
import { callsOf, commandsOf } from './commands.ts';
import { isSameOutput } from './output.ts';
import { openWorkshop } from './workshop.ts';

/** The port that the pages show, and a free one while they are walked. */
const shownPort = '8730';

/** What the pages call the folder in which they begin. */
const shownFolder = '/home/me/work';

/**
 * Follows a page, block by block, in an empty folder: writes its files, runs its commands, and compares their output. Resolves with the page as it should be: if
 * an output differs, with the real one. Rejects if a part of a file is not in it.
 */
export async function walk(page: string): Promise<string> {
  await using workshop = await openWorkshop();
  const path = await installPrograms(workshop.path);
  const port = String(await freePort());
  const started: ChildProcess[] = [];
  const env: Record<string, string | undefined> = { ...ownVariables(), PATH: `${path}:${process.env.PATH}` };
  let folder = workshop.path;
  const toReal = (text: string) => text.replaceAll(shownPort, port).replaceAll(shownFolder, workshop.path);
  const toShown = (text: string) => text.replaceAll(workshop.path, shownFolder).replaceAll(`:${port}`, `:${shownPort}`);

  const run = async (command: string, shown: string): Promise<string> => {
    const [program = '', ...words] = callsOf(command)[0] ?? [];
    if (program === 'cd') folder = join(folder, words[0] ?? '');
    else if (program === 'export') Object.assign(env, Object.fromEntries(words.map((word) => word.split('=', 2))));
    else if (Object.keys(notWalked).some((begin) => command.startsWith(begin))) return shown;
    else {
      const printed = toShown(await outputOf(toReal(command), folder, env));
      return isSameOutput(shown, printed) ? shown : printed;
    }
    return shown;
  };

  let text = await readFile(join(root, page), 'utf8');
  try {
    for (const block of blocksOf(page)) {
      if (block.file !== undefined) await write(join(folder, block.file), toReal(block.text));
      else if (block.part !== undefined) await findPart(block, join(folder, block.part));
      else if (block.language === 'ts' || block.language === 'js') {
        throw new Error(`${placeOf(block)} is neither a file nor part of one, so nobody compiles it`);
      } else if (block.isBackground) {
        for (const { command } of commandsOf(block)) started.push(await start(toReal(command), folder, env));
      } else if (block.language === 'console' || block.language === 'sh') {
        let content = '';
        for (const { command, output } of commandsOf(block)) content += `$ ${command}\n${await run(command, output)}`;
        if (block.language === 'console') text = text.replace(block.text, () => content);
      }
    }
  } finally {
    for (const child of started) child.kill();
  }
  return text;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** The lines of a part are in its file one after the other, whatever their indentation. */
async function findPart(block: Block, path: string): Promise<void> {
  const trimmed = (text: string) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .join('\n');
  const whole = trimmed(await readFile(path, 'utf8'));
  if (!whole.includes(trimmed(block.text).trim())) throw new Error(`${placeOf(block)} does not stand in ${block.part}`);
}

/** Those of a user, without what this run was started with. */
function ownVariables(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:CI|NODE_OPTIONS|NODE_PATH|FORCE_COLOR|VITEST.*|npm_.*)$/.test(name),
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1', COLUMNS: '120' };
}

/** The programs of the workspace, and an npx that runs them and those of the connectors of a page without npm's half second. */
async function installPrograms(folder: string): Promise<string> {
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin);
  for (const [name, path] of Object.entries({
    tsc: 'typescript/bin/tsc',
    vitest: 'vitest/vitest.mjs',
    biome: '@biomejs/biome/bin/biome',
    c8connector: 'c8connector/bin/c8connector.js',
  }))
    await symlink(join('..', path), join(bin, name));
  const programs = join(folder, 'node_modules/.npx');
  await mkdir(programs);
  const script = `#!/bin/sh
name=$1; shift
for file in "${bin}/$name" "bin/$name.js" "$name/bin/$name.js" "../$name/bin/$name.js"; do
  if [ -f "$file" ]; then exec "${process.execPath}" "$file" "$@"; fi
done
PATH="\${PATH#*:}" exec npx "$name" "$@"
`;
  await writeFile(join(programs, 'npx'), script);
  await chmod(join(programs, 'npx'), 0o755);
  return programs;
}

async function outputOf(command: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('sh', ['-c', `exec 2>&1; ${command}`], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  await new Promise((ended) => child.on('close', ended));
  // What npm says of its own settings on this machine.
  printed = stripVTControlCharacters(printed).replace(/^npm warn .*\n/gm, '');
  return printed === '' || printed.endsWith('\n') ? printed : `${printed}\n`;
}

/** Starts a command and waits for its first words. */
async function start(command: string, folder: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn('sh', ['-c', `exec ${command}`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.on('close', (code) => reject(new Error(`${command} ended with ${code}`)));
  });
  return child;
}
