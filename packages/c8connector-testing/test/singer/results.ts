import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSingerProgram, type SingerProgram, type SingerResult } from '../../src/checks.ts';

/** What the checks say of one of the programs here, with this config. */
export async function resultsOf(
  program: 'tap' | 'target',
  config: Readonly<Record<string, unknown>>,
  options: Partial<SingerProgram> = {},
  flags: readonly string[] = [],
): Promise<SingerResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'c8-singer-test-'));
  try {
    const file = join(folder, 'config.json');
    await writeFile(file, JSON.stringify(config));
    const path = fileURLToPath(new URL(`${program}.mjs`, import.meta.url));
    const command = [process.execPath, path, '--config', file, ...flags];
    const results: SingerResult[] = [];
    const request = { command, folder, type: program, signal: new AbortController().signal, ...options };
    for await (const result of checkSingerProgram(request)) results.push(result);
    return results;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A result in one text: its status, and of each finding what was expected and found. */
export function outcomes(results: readonly SingerResult[]): string[] {
  return results.map(({ number, status, findings }) =>
    [`${number} ${status}`, ...findings.map(({ expected, found }) => `${expected}: ${found}`)].join('\n'),
  );
}
