import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { Spool } from '../c8_target_s3/spool.ts';
import { failureOf, flush, keysOf, records, schemaOf, spools, targetOpener } from './harness.ts';

const openTarget = targetOpener();

describe('Temporary files', () => {
  it('are readable only by their owner', async () => {
    await using spool = await Spool.open();
    const path = spool.newPath();
    await spool.append(path, Buffer.from('x'));
    expect(statSync(spool.directory).mode & 0o077).toBe(0);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('of a killed process are removed when another one starts, and those of running processes stay', async () => {
    await using mine = await Spool.open();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const left = mkdtempSync(mine.directory.replace(`-${process.pid}-`, `-${pid}-`));
    await using _other = await Spool.open();
    expect([existsSync(left), existsSync(mine.directory)]).toEqual([false, true]);
  });

  it('of a process of another container or machine stay, whatever its number', async () => {
    await using mine = await Spool.open();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const [, namespace = ''] = /c8-target-s3-([0-9a-f]{12})-/.exec(mine.directory) ?? [];
    expect(namespace).not.toBe('');
    const theirs = mkdtempSync(
      mine.directory.replace(namespace, '0123456789ab').replace(`-${process.pid}-`, `-${pid}-`),
    );
    await using _other = await Spool.open();
    expect(existsSync(theirs)).toBe(true);
    rmSync(theirs, { recursive: true });
  });

  it.skipIf(process.platform !== 'linux')(
    'say that the disk is full, and which file could not be written',
    async () => {
      await using spool = await Spool.open();
      const failure = await spool.append('/dev/full', Buffer.from('x')).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'ConnectionError', code: 'disk_full' });
      expect(String(failure)).toContain('/dev/full');
    },
  );
});

/** More than a file buffers in memory, for more streams than Parquet has threads: some are encoded as they arrive, others are buffered on disk. */
const streams = ['s0', 's1', 's2'].map((stream) => schemaOf(stream, { a: { type: 'string' } }));
const batches = (): TargetMessage[] =>
  streams.flatMap((schema) => {
    const lines = Array.from({ length: 24 }, () => `{"a":"${randomBytes(75_000).toString('base64')}"}`);
    return [records(schema, lines.slice(0, 12)), records(schema, lines.slice(12))];
  });

/** The files of the only running target. */
function filesOf(): string[] {
  const [directory = ''] = spools();
  return readdirSync(join(tmpdir(), directory)).map((name) => join(tmpdir(), directory, name));
}

const accidents: Record<string, () => void> = {
  'is removed': () => {
    for (const file of filesOf()) rmSync(file);
  },
  'is removed with its directory': () => rmSync(join(tmpdir(), spools()[0] ?? ''), { recursive: true }),
  'is cut': () => {
    for (const file of filesOf()) truncateSync(file, 40);
  },
  'is emptied': () => {
    for (const file of filesOf()) truncateSync(file, 0);
  },
};

describe.each([
  { format: 'jsonl', compression: 'none' },
  { format: 'jsonl', compression: 'gzip' },
  { format: 'parquet', compression: 'none', file_bytes: 500_000 },
])('A temporary file of $format $compression', (settings) => {
  /** A run whose files are damaged between two batches, or after the last one. */
  async function* messages(accident: () => void, isAtEnd: boolean): AsyncGenerator<TargetMessage> {
    yield* [...streams, ...batches()];
    // A batch is processed when the next message is requested, and may be written a little later.
    yield* streams;
    await new Promise((resolve) => setTimeout(resolve, 300));
    accident();
    if (!isAtEnd) yield* batches();
    yield flush(1);
  }

  it.each(
    Object.keys(accidents).flatMap((name) => [
      [name, 'between two batches', false] as const,
      [name, 'behind the last one', true] as const,
    ]),
  )('that %s %s is an error that names it, never fewer rows', async (name, _, isAtEnd) => {
    using target = openTarget(settings);
    const failure = await failureOf(target.config, messages(accidents[name] ?? (() => undefined), isAtEnd));
    expect(failure).toMatchObject({ name: 'ConnectionError', code: 'temporary_file_lost', isRetryable: true });
    expect(String(failure)).toMatch(/c8-target-s3-.*\/\d+ /);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
    expect(spools()).toEqual([]);
  });

  it('that cannot be written ends the run at once, not at the next flush', async () => {
    using target = openTarget(settings);
    async function* withoutFlush(): AsyncGenerator<TargetMessage> {
      yield* [...streams, ...batches()];
      accidents['is removed with its directory']?.();
      const more = batches();
      for (let round = 0; round < 50; round += 1) yield* more;
    }
    const failure = await failureOf(target.config, withoutFlush());
    expect(failure).toMatchObject({ name: 'ConnectionError', code: 'temporary_file_lost' });
  });
});
