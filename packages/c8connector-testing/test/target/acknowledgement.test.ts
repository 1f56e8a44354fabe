import type { FlushMessage, TargetMessage } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';

test('68 and 69 and nothing else find a state that is yielded before its rows are stored', async () => {
  const findings = await targetFindings((honest) => ({
    async *write(messages, request) {
      const flushes: FlushMessage[] = [];
      const held: TargetMessage[] = [];
      // Acknowledges at once, and stores everything at the end.
      for await (const message of messages) {
        held.push(message);
        if (message.type !== 'FLUSH') continue;
        flushes.push(message);
        yield message.state;
      }
      async function* late(): AsyncGenerator<TargetMessage> {
        yield* held;
      }
      for await (const _ of honest.write(late(), request)) flushes.shift();
    },
  }));
  expect(findings).toEqual([
    expect.stringMatching(
      /^68 .*\n {2}expected: all 2 rows before FLUSH 1 when its state is yielded\n {2}found: 0 rows: 2 missing, such as \{"id":0\}/,
    ),
    expect.stringMatching(/^69 .*found: it is lost/s),
  ]);
});

test('68 finds a state that is never yielded', async () => {
  const findings = await targetFindings((honest) => ({
    async *write(messages, request) {
      for await (const state of honest.write(messages, request)) if (state !== undefined) yield state;
    },
  }));
  const found = findings.find((finding) => finding.startsWith('68 '));
  expect(found).toContain('found: ConnectorError contract_broken');
});

test('68 finds a state that is yielded for empty input', async () => {
  const findings = await targetFindings(
    (honest) => ({
      async *write(messages, request) {
        let isEmpty = true;
        for await (const state of honest.write(messages, request)) {
          isEmpty = false;
          yield state;
        }
        if (isEmpty) yield {};
      },
    }),
    { only: 68 },
  );
  expect(findings).toEqual([
    expect.stringMatching(/^68 .*contract_broken: .* acknowledged a FLUSH that it was not asked for/s),
  ]);
});
