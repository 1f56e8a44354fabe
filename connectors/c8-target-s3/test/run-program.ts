import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/c8-target-s3.js', import.meta.url));

/** Runs the program of the target with an input that ends. */
export async function runProgram(
  config: object,
  flags: readonly string[],
  input: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> {
  const path = join(tmpdir(), 'config.json');
  await writeFile(path, JSON.stringify(config));
  const child = spawn(process.execPath, [program, '--config', path, ...flags], {
    env: { ...process.env, ...environment },
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  child.stdin.on('error', () => undefined).end(input);
  const [code] = await once(child, 'close');
  return { code, ...texts };
}
