import { ConnectionError, DataError, type IntegrationConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { integrationFindings } from '../findings.ts';

test.each<[string, (text: string) => string, string]>([
  ['that changes plain words', (text) => text.toLowerCase(), 'expected: "Plain words, 12 of them" as it is'],
  ['that loses a sign', (text) => text.replaceAll('<', ''), 'expected: a text for "<"'],
  [
    'that makes one of two texts',
    (text) => text.replace(/&(?!amp;)/g, '&amp;'),
    'expected: different texts for different texts\n  found: "&amp;" for "&" and "&amp;"',
  ],
  [
    'that changes the words around',
    (text) => text.replace(/ /g, (_blank, at: number) => (text.includes('<!') && at > 0 ? '_' : ' ')),
    'with its words alone',
  ],
])('82 and nothing else finds an escape %s', async (_name, escaping, found) => {
  const findings = await integrationFindings(() => ({ escape: escaping }));
  expect(findings).toEqual([expect.stringMatching(/^82 escape does not change plain words and loses nothing/)]);
  expect(findings[0]).toContain(found);
});

/** An integration that does something else whenever a run calls it: those calls have the run's signal and log. */
function inRuns(
  honest: IntegrationConnector,
  call: (count: number, call: () => Promise<unknown>) => Promise<unknown>,
): Partial<IntegrationConnector> {
  let count = 0;
  return {
    async call(action, config, input, options = {}) {
      const honestly = () => honest.call(action, config, input, options);
      const isRun = options.signal !== undefined && options.log !== undefined && !options.signal.aborted;
      if (!isRun) return await honestly();
      count += 1;
      return await call(count, honestly);
    },
  };
}

test.each<[string, (count: number, call: () => Promise<unknown>) => Promise<unknown>, string]>([
  [
    'says each text twice',
    async (_count, call) => {
      await call();
      return await call();
    },
    'expected: 3 calls at the service\n  found: 6',
  ],
  [
    'takes an equal text for the same call',
    async (count, call) => (count === 1 ? await call() : { number: 1 }),
    'expected: 3 calls at the service\n  found: 1',
  ],
  [
    'refuses an equal text',
    async (count, call) => {
      if (count > 1) throw new DataError('duplicate_text: said already', { code: 'action_refused' });
      return await call();
    },
    "found: failed action_refused: stream 'rows', row [2]: duplicate_text: said already",
  ],
  [
    'does not know what became of an equal text',
    async (count, call) => {
      await call();
      if (count !== 2) return { number: count };
      throw new ConnectionError('timed out', { code: 'outcome_unknown' });
    },
    'found: rejected outcome_unknown: timed out',
  ],
])('83 finds an integration that %s', async (_name, call, found) => {
  const findings = await integrationFindings((honest) => inRuns(honest, call), { only: 83 });
  expect(findings).toEqual([
    expect.stringMatching(/^83 as a target, an integration calls its action once for each row/),
  ]);
  expect(findings[0]).toContain(found);
});

test('84 and nothing else finds a call that begins with the rest of the previous one', async () => {
  let connectors = 0;
  const findings = await integrationFindings((honest) => {
    connectors += 1;
    const isLater = connectors > 2;
    return inRuns(honest, async (count, call) => {
      if (isLater && count === 1) await call();
      return await call();
    });
  });
  expect(findings).toEqual([expect.stringMatching(/^84 .*expected: 4 calls at the service\n {2}found: 5/s)]);
});
