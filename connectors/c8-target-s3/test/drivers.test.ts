import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../bin/c8-target-s3.js', import.meta.url));

/** Runs the program in a folder in which some packages are not installed. */
async function runWithout(packages: readonly string[], ...flags: readonly string[]) {
  const hooks = `export async function resolve(name, context, next) {
    if (${JSON.stringify(packages)}.includes(name)) throw Object.assign(new Error('Cannot find package ' + name), { code: 'ERR_MODULE_NOT_FOUND' });
    return await next(name, context);
  }`;
  const data = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const register = data(`import { register } from 'node:module'; register(${JSON.stringify(data(hooks))});`);
  return await promisify(execFile)(process.execPath, ['--import', register, program, ...flags]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );
}

describe('The program', () => {
  it('describes itself without loading a driver', async () => {
    const { code, stdout } = await runWithout(['@aws-sdk/client-s3', '@bokuweb/zstd-wasm'], '--about');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ packageName: 'c8-target-s3', type: 'target' });
  });
});
