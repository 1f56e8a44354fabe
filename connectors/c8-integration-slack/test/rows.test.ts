import {
  actionTarget,
  Batch,
  type Ledger,
  type LedgerEntry,
  type State,
  silentLog,
  type TargetMessage,
} from 'c8connector';
import { describe, expect, it } from 'vitest';
import { onFakeClock } from './fake-clock.ts';
import { type Opened, openSlack, textsOf } from './harness.ts';

/** All of them take as long as many other tests together, so most are only in `npm run soak`. */
const count = process.env.C8_SOAK ? 10_000 : 300;
const batchSize = count / 10;
const killedAt = Math.floor(count * 0.4321);
const schema = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } } as const;
const rows = Array.from({ length: count }, (_, id) => ({ id, name: `<user ${id}>` }));

async function* messages(): AsyncGenerator<TargetMessage> {
  yield { type: 'SCHEMA', stream: 'users', schema, keyProperties: ['id'] };
  for (let start = 0; start < count; start += batchSize) {
    yield Batch.ofRows(
      { stream: 'users', schema, extractedAt: '2026-01-01T00:00:00Z', exact: 'number' },
      rows.slice(start, start + batchSize),
    );
    yield { type: 'FLUSH', state: { bookmarks: { users: { id: start + batchSize } } }, isCheckpoint: true };
  }
}

/** A ledger that survives its process, which dies between an answer and its entry. */
function openLedger(entries: Set<string>, dieAt: number): Ledger {
  const keyOf = ({ stream, row }: LedgerEntry) => `${stream} ${row}`;
  return {
    has: (entry) => entries.has(keyOf(entry)),
    async add(entry) {
      if (entries.size === dieAt) throw new Error('killed');
      entries.add(keyOf(entry));
    },
    markBoundary: async () => false,
  };
}

async function post({ slack, config }: Opened, ledger: Ledger): Promise<State | undefined> {
  const target = actionTarget(slack, 'postMessage', { text: '{{name}} signed up' });
  const run = { id: 'run', connection: 'connection', unit: 'users', epoch: 1, generation: 1 };
  const request = { config, run, signal: new AbortController().signal, log: silentLog, ledger };
  let last: State | undefined;
  for await (const state of target.write(messages(), request)) last = state;
  return last;
}

describe('Rows to messages', () => {
  it('respect the rate limit of Slack, and after a kill repeat at most the call that was in progress', async () => {
    await using opened = await openSlack({}, { rateLimits: true });
    const entries = new Set<string>();
    const startedAt = Date.now();
    const last = await onFakeClock(async () => {
      await expect(post(opened, openLedger(entries, killedAt))).rejects.toThrow('killed');
      return await post(opened, openLedger(entries, count));
    });
    expect(last).toEqual({ bookmarks: { users: { id: count } } });
    const texts = textsOf(opened);
    expect(texts).toHaveLength(count + 1);
    expect(new Set(texts)).toEqual(new Set(rows.map(({ id }) => `&lt;user ${id}&gt; signed up`)));
    expect(opened.server.requests.filter(({ status }) => status === 429).length).toBeLessThan(10);
    const seconds = ((opened.server.requests.at(-1)?.at ?? 0) - startedAt) / 1000;
    expect(seconds).toBeGreaterThan(count - 10);
    expect(seconds).toBeLessThan(count * 1.01);
  }, 120_000);
});
