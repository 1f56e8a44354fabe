import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { type EventBody, numberEvents } from 'c8connector';
import { createRunReducer } from 'c8connector-host';
import { expect, test } from 'vitest';
import { createProgressBars } from '../../src/display/progress-bars.ts';

/** What a terminal shows of a stream in the end, without spaces that follow each other. */
function lastLine(events: readonly EventBody[], estimate?: number): string {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 120, rows: 24 });
  const bars = createProgressBars(terminal as unknown as NodeJS.WriteStream, (text) => text);
  const run = createRunReducer('a.yaml', new Date().toISOString());
  const emit = numberEvents('r', (event) => {
    run.add(event);
    bars.onEvent(event, run);
  });
  const known = estimate === undefined ? {} : { estimate };
  const streams = [{ stream: 'orders', method: 'FULL_TABLE', action: 'copy', ...known } as const];
  emit({ type: 'planned', isResumed: false, streams, units: [] });
  events.forEach(emit);
  bars.close();
  const lines = stripVTControlCharacters(String(terminal.read())).match(/orders .+?rows\/s/g) ?? [];
  return (lines.at(-1) ?? '').replaceAll(/ +/g, ' ');
}

const of = (phase: Extract<EventBody, { type: 'stream' }>['phase'], lag?: object): EventBody => ({
  ...{ type: 'stream', unit: 'u', stream: 'orders', phase },
  ...(lag === undefined ? {} : { lag }),
});
const read: EventBody = { type: 'progress', unit: 'u', stream: 'orders', rows: 50, bytes: 5000 };

test.each<[string, readonly EventBody[], number | undefined, string]>([
  ['a copy with an estimate has a bar', [of('copying'), read], 100, 'orders ██████████░░░░░░░░░░ 50% 50 rows'],
  ['a copy without one has none', [of('copying'), read], undefined, 'orders ···················· 50 rows'],
  ['what is new has no end', [of('reading'), read], 100, 'orders reading ············ 50 rows'],
  ['a copy may take long to seal', [of('copying'), read, of('sealing')], 50, 'orders sealing ············ 50 rows'],
  ['a log without its lag', [of('following'), read], undefined, 'orders following ·········· 50 rows'],
  [
    'a log with its time',
    [of('following', { milliseconds: 2100, bytes: 5 }), read],
    undefined,
    'orders 2.1 s behind ······· 50 rows',
  ],
  [
    'a log with its bytes',
    [of('following', { bytes: 12_300_000 }), read],
    undefined,
    'orders 12.3 MB behind ····· 50 rows',
  ],
  ['a stream that failed', [of('copying'), read, of('failed')], 100, 'orders failed ············· 50 rows'],
])('%s', (_, events, estimate, expected) => {
  expect(lastLine(events, estimate)).toContain(expected);
});
