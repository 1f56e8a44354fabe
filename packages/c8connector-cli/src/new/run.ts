import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ConnectorError } from 'c8connector';

/** Runs a program to its end. Throws a ConnectorError with its output when it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const options = { cwd, shell: process.platform === 'win32', maxBuffer: 64_000_000 };
  try {
    await promisify(execFile)(command, args, options);
  } catch (cause) {
    const { stdout = '', stderr = '', message } = cause as Error & { stdout?: string; stderr?: string };
    const output = `${stdout}${stderr}`.trim().slice(-2000) || message;
    throw new ConnectorError(`${command} ${args.join(' ')} failed: ${output}`, { code: 'unexpected', cause });
  }
}
