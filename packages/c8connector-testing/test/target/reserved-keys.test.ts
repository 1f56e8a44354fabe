import type { TargetMessage } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';
import { mergingClaims, mergingTarget } from './merging-target.ts';

const reservedKeys = ['_key', '_id', '_rev'];

/** The messages with the keys of a stream as they were before anything was renamed. */
async function* withOldKeys(messages: AsyncIterable<TargetMessage>): AsyncGenerator<TargetMessage> {
  for await (const message of messages) {
    if (message.type !== 'SCHEMA') yield message;
    else yield { ...message, keyProperties: message.keyProperties.map((name) => name.replace(/^_+/, '_')) };
  }
}

test('a target that reserves columns and uses the renamed key has no finding', async () => {
  const { write, readBack } = mergingTarget();
  expect(await targetFindings(() => ({ write, reservedKeys }), { readBack, ...mergingClaims })).toEqual([]);
  expect(await targetFindings(() => ({ reservedKeys }))).toEqual([]);
});

test('102 and nothing else finds columns that are renamed in the rows and not in the key', async () => {
  const { write, readBack } = mergingTarget();
  const findings = await targetFindings(
    () => ({ reservedKeys, write: (messages, request) => write(withOldKeys(messages), request) }),
    { readBack, ...mergingClaims },
  );
  expect(findings).toEqual([
    expect.stringMatching(/^102 .*rows by their key, in which '_key' is '___key'.*\n {2}found: 1 rows: 1 missing/s),
  ]);
});

test('102 and nothing else finds columns that the target renames once more', async () => {
  const findings = await targetFindings((_honest, stored) => ({
    reservedKeys,
    async *write(messages) {
      for await (const message of messages) {
        if (message.type === 'FLUSH') yield message.state;
        if (message.type !== 'RECORDS') continue;
        const rows = message
          .rows()
          .map((row) =>
            Object.fromEntries(
              Object.entries(row).map(([name, value]) => [name.replace(/^_+(key|id|rev)$/, '_$1_'), value]),
            ),
          );
        stored.set(message.stream, [...(stored.get(message.stream) ?? []), ...rows]);
      }
    },
  }));
  expect(findings).toEqual([expect.stringMatching(/^102 /)]);
});

test('102 is not run on a target that reserves no column', async () => {
  expect(await targetFindings(() => ({}), { only: 102 })).toEqual([]);
});
