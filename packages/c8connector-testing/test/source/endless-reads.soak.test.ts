import type { SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { countedRows, endless, table } from '../hand-written.ts';
import { type Change, findings } from './broken-source.ts';

test.concurrent('41 finds a read that cannot be ended', async () => {
  const change: Change = async function* (messages) {
    let isOver = false;
    try {
      yield* messages;
      isOver = true;
    } finally {
      if (!isOver) await new Promise((resolve) => setTimeout(resolve, 6000));
    }
  };
  expect(await findings(41, { tables: { one: table({ rows: [...countedRows(1, 1)] }) }, change })).toEqual([
    expect.stringContaining('expected: return() after the first records done within 5 s'),
  ]);
}, 20_000);

test.concurrent('47 finds a read that an abort does not end', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => honest.read({ ...request, signal: new AbortController().signal }),
  });
  expect(await findings(47, { tables: { endless }, members })).toEqual([
    expect.stringContaining('expected: the end of a read within 5 s after it was aborted at the first message'),
  ]);
}, 20_000);
