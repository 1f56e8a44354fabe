import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programPath } from '../fixtures/program-path.ts';

const kills = process.env.C8_SOAK ? 20 : 5;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'killed-run-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the process; with a number of calls, it kills itself at some moment after that many. */
async function runProcess(key: string, calls?: number): Promise<number | string> {
  const files = [join(folder, 'state.json'), join(folder, 'said')];
  const child = spawn(process.execPath, [programPath('killed-run-main'), ...files, key, String(calls)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal] = await once(child, 'close');
  return code ?? signal;
}

async function said(): Promise<string[]> {
  const text = await readFile(join(folder, 'said'), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

function counts(texts: readonly string[]): Map<string, number> {
  const counted = new Map<string, number>();
  for (const text of texts) counted.set(text, (counted.get(text) ?? 0) + 1);
  return counted;
}

test.each(['keyed', 'keyless'])(
  'a run with %s rows that is killed repeatedly makes every call, and repeats at most the one in progress at each kill',
  async (key) => {
    for (let kill = 0; kill < kills; kill += 1) {
      expect(await runProcess(key, 1 + Math.floor(Math.random() * 16))).toBe('SIGKILL');
    }
    expect(await runProcess(key)).toBe(0);
    const all = await said();
    const wanted = counts(Array.from({ length: 200 }, (_, id) => (key === 'keyed' ? `row ${id}` : `row ${id % 7}`)));
    const made = counts(all);
    for (const [text, count] of wanted) expect(made.get(text), text).toBeGreaterThanOrEqual(count);
    expect([...made.keys()].filter((text) => !wanted.has(text))).toEqual([]);
    expect(all.length - 200).toBeLessThanOrEqual(kills);
    // What a kill cut off while the state was being written may lie beside it.
    expect((await readdir(folder)).filter((name) => !name.endsWith('.tmp'))).toEqual(['said', 'state.json']);
  },
);
