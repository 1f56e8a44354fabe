import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { diskError } from '../c8_target_s3/errors.ts';
import { append, Spool } from '../c8_target_s3/spool.ts';

describe('Temporary files', () => {
  it('are readable by nobody else', async () => {
    await using spool = await Spool.open();
    const path = spool.newPath();
    await append(path, Buffer.from('x'), spool.directory);
    expect(statSync(spool.directory).mode & 0o077).toBe(0);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('of a process that was killed are gone once another one starts, those of the living stay', async () => {
    await using mine = await Spool.open();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const left = mkdtempSync(mine.directory.replace(`-${process.pid}-`, `-${pid}-`));
    await using _other = await Spool.open();
    expect([existsSync(left), existsSync(mine.directory)]).toEqual([false, true]);
  });

  it.skipIf(process.platform !== 'linux')('say that the disk is full', async () => {
    await expect(append('/dev/full', Buffer.from('x'), '/dev')).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'disk_full',
    });
  });

  it.skipIf(process.platform !== 'linux')('say that the disk is full when DuckDB finds out', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const error = await connection
      .run(`COPY (SELECT 1) TO '/dev/full' (FORMAT parquet)`)
      .catch((each: unknown) => each);
    expect(diskError(error, '/dev')).toMatchObject({ code: 'disk_full' });
  });
});
