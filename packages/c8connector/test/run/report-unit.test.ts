import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventBody, Unit, UnitState } from '../../src/index.ts';
import { reportUnit } from '../../src/run/report-unit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const names = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);
const logOf = (streams: readonly string[]): Unit => ({ id: 'log', kind: 'log', streams });

/** The state in which all these streams are at one position of their log. */
function stateAt(streams: readonly string[], lsn: number): UnitState {
  const progress = { method: 'LOG_BASED', phase: 'following', copy: 1, version: 1, logPosition: { lsn } } as const;
  return { patches: Object.fromEntries(streams.map((stream) => [stream, { kind: 'log', progress }])) };
}

/** A report, and the events of a type that it emitted since it was last asked. */
function reported(unit: Unit) {
  let events: EventBody[] = [];
  const report = reportUnit(unit, (event) => events.push(event));
  const taken = <T extends EventBody['type']>(type: T) => {
    const own = events.filter((event): event is Extract<EventBody, { readonly type: T }> => event.type === type);
    events = [];
    return own;
  };
  return { report, taken };
}

describe('what a unit emits', () => {
  test.each([
    [1, 11],
    [3000, 11],
  ])(
    'of %i streams in a second of reading is %i events of progress at most, and the last rows of all at its end',
    (count, most) => {
      const streams = names(count);
      const { report, taken } = reported(logOf(streams));
      for (let millisecond = 0; millisecond < 1000; millisecond += 1) {
        report.onRead(streams[millisecond % count] ?? '', 1, 10);
        vi.advanceTimersByTime(1);
      }
      const { length } = taken('progress');
      expect(length).toBeGreaterThanOrEqual(most - 1);
      expect(length).toBeLessThanOrEqual(most);
      report.onEnd('done');
      const last = new Map(taken('progress').map(({ stream, rows }) => [stream, rows]));
      expect([...last.values()].reduce((sum, rows) => sum + rows, 0)).toBeGreaterThanOrEqual(1000 - most);
    },
  );

  test('for a log, the positions of the streams, each at most once a second and a hundred at a time, in turn', () => {
    const streams = names(250);
    const { report, taken } = reported(logOf(streams));
    taken('stream');
    const seen: string[][] = [];
    for (let second = 1; second <= 3; second += 1) {
      for (let step = 0; step < 10; step += 1) {
        vi.advanceTimersByTime(100);
        report.onSaved(new Map(), stateAt(streams, second * 10 + step));
      }
      seen.push(taken('stream').map(({ stream }) => stream));
    }
    expect(seen.map(({ length }) => length)).toEqual([100, 100, 100]);
    expect(new Set(seen.flat()).size).toBe(250);
    report.onEnd('done');
    expect(new Map(taken('stream').map(({ stream, position }) => [stream, position]))).toEqual(
      new Map(streams.filter((stream) => !seen[2]?.includes(stream)).map((stream) => [stream, { lsn: 39 }])),
    );
  });
});

test('whatever is read, saved and retried, the rows counted as written are those that were read and not undone', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('read'), rows: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ kind: fc.constant('save'), share: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ kind: fc.constant('reject') }),
    fc.record({ kind: fc.constant('retry') }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { report, taken } = reported({ id: 's/copy/0', kind: 'copy', streams: ['s'], range: 0 });
      let pending = 0;
      let durable = 0;
      let isRejected = false;
      let rejected = 0;
      const save = (rows: number): void => {
        if (rows === 0) return;
        report.onSaved(new Map([['s', rows]]), undefined);
        pending -= rows;
        durable += rows;
        if (isRejected) rejected += 1;
        isRejected = false;
      };
      for (const one of steps) {
        if ('rows' in one) {
          report.onRead('s', one.rows, one.rows * 10);
          pending += one.rows;
        } else if ('share' in one) save(Math.floor((pending * one.share) / 100));
        else if (one.kind === 'reject' && pending > 0 && !isRejected) {
          report.onRejected({ stream: 's', row: '[1]', code: 'c', message: 'm' });
          isRejected = true;
        } else if (one.kind === 'retry') {
          report.onRetry({ attempt: 1, delayMs: 1, error: new Error('broken') });
          pending = 0;
          isRejected = false;
        }
      }
      save(pending);
      const { streams } = report.onEnd('done');
      expect(streams).toMatchObject([{ read: durable, written: durable - rejected, rejected }]);
      expect(taken('progress').at(-1)).toMatchObject({ rows: durable });
    }),
  );
});
