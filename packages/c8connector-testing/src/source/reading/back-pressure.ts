import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalog } from 'c8connector';
import { waitFor } from 'c8connector';
import { type Check, Finding, NotRunnable, orReason } from '../../check.ts';
import type { Running } from '../../program/run-command.ts';
import { untilRecords } from '../recording/recording.ts';
import { selectAll } from '../recording/selected-catalog.ts';
import type { SourceContext } from '../source-context.ts';

/** A source with less data than this could keep it in memory unnoticed. */
const fewestBytes = 16 << 20;
/** How long stdout is not read, in milliseconds. */
const pause = 2500;
/** How much memory a program may gain while its output waits to be read, and how much it may use in total. */
const mostGrowth = 64 << 20;
const mostMemory = 384 << 20;
/** The first part of the pause, in which a program fills its buffers. */
const settling = 1000;
/** A pause without a request, in milliseconds. The next two are how much processor time and event loop time a source may use in it: on a busy machine little is available. */
const unasked = 500;
const mostWork = 100;
const mostBusy = 0.5;
const rounds = 3;

/** 49 */
export const backPressure: Check<SourceContext> = {
  number: 49,
  title: 'a source waits for its reader, and its memory stays bounded',
  where:
    'queues without a limit, rows that are collected before the first one is yielded, writes to stdout that are not awaited',
  async run(context) {
    const { messages, capped } = await context.read();
    const bytes = messages.reduce((sum, each) => sum + (each.type === 'RECORDS' ? each.lines().length : 0), 0);
    const isLarge = capped.size > 0 || bytes >= fewestBytes;
    const why = await watchProgram(context, isLarge);
    await watchUnaskedRead(context, isLarge);
    if (!isLarge)
      throw new NotRunnable(
        `the streams hold ${Math.ceil(bytes / 1000)} kB, too little to judge; it takes ${fewestBytes >> 20} MB, or a stream longer than recordCap`,
      );
    if (why !== undefined) context.note(`49 the memory of the program was not measured: ${why}`);
  },
};

/** Makes the program wait for a reader of its stdout; returns the reason when that is impossible. */
async function watchProgram(context: SourceContext, isLarge: boolean): Promise<string | undefined> {
  if (!isLarge) return 'the streams are too small';
  if (process.platform !== 'linux') return `no /proc on ${process.platform}`;
  const program = await orReason(context.program);
  if ('reason' in program) return program.reason;
  const catalog = await longest(context);
  const running = await program.value.start([], { config: await context.config(), catalog }, { isUnread: true });
  try {
    await watchMemory(running);
  } finally {
    running.kill('SIGKILL');
    await running.ended;
  }
  return undefined;
}

/** The streams that exceed the cap, or all when none does. */
async function longest(context: SourceContext): Promise<Catalog> {
  const { capped } = await context.read();
  return capped.size > 0 ? selectAll(await context.catalog(), [...capped]) : await context.catalog();
}

async function watchMemory({ pid, began }: Running): Promise<void> {
  const startedAt = Date.now();
  let beganAt: number | undefined;
  began.then(() => {
    beganAt = Date.now();
  });
  let settled: number | undefined;
  // A program that collects everything before it prints is watched while its memory grows.
  while (Date.now() - (beganAt ?? Date.now()) < pause && Date.now() - startedAt < 4 * pause) {
    await sleep(50);
    const bytes = await memoryOf(pid);
    if (bytes === undefined) return;
    if (bytes > mostMemory)
      throw new Finding(`at most ${mostMemory >> 20} MB of memory while nobody reads stdout`, `${bytes >> 20} MB`);
    if (beganAt === undefined || Date.now() - beganAt < settling) continue;
    settled ??= bytes;
    if (bytes - settled > mostGrowth)
      throw new Finding(
        'memory that stays as it is while nobody reads stdout',
        `it grew from ${settled >> 20} MB to ${bytes >> 20} MB`,
      );
  }
}

/** Bytes of a process in memory; undefined once it has ended. */
async function memoryOf(pid: number | undefined): Promise<number | undefined> {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** In process: nothing is opened before the first next(), and nothing is read between two calls. */
async function watchUnaskedRead(context: SourceContext, isLarge: boolean): Promise<void> {
  const before = openHandles();
  const stop = new AbortController();
  const config = await context.config();
  const catalog = await longest(context);
  const { log } = context;
  const source = context.makeConnector();
  const iterator = source.read({ config, catalog, exact: 'number', signal: stop.signal, log })[Symbol.asyncIterator]();
  await sleep(1);
  const opened = more(before, openHandles());
  try {
    if (opened.length > 0)
      throw new Finding('nothing opened before the first next()', `the source holds ${opened.join(', ')}`);
    await untilRecords(iterator);
    // A small stream ends too early to show reading ahead.
    if (isLarge) await checkIdle();
  } finally {
    stop.abort();
    await waitFor(Promise.resolve(iterator.return?.()), { milliseconds: 5000 }).catch(() => undefined);
  }
}

async function checkIdle(): Promise<void> {
  let work = 0;
  let busy = 0;
  // Work in progress may end; continuous work may not go on.
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    const loop = performance.eventLoopUtilization();
    await sleep(unasked);
    const { user, system } = process.cpuUsage(start);
    work = Math.round((user + system) / 1000);
    busy = performance.eventLoopUtilization(loop).utilization;
    if (work < mostWork && busy < mostBusy) return;
  }
  throw new Finding(
    'a source that rests while nobody asks for more',
    `${work} ms of the processor, and ${Math.round(100 * busy)} % of the event loop, in ${unasked} ms, again and again`,
  );
}

/** Connections and processes that are open or being opened, by kind. */
function openHandles(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /^(TCP|GetAddrInfo|TLS|UDP|Process)/.test(kind));
}

function more(before: readonly string[], now: readonly string[]): string[] {
  const count = (kinds: readonly string[], kind: string) => kinds.filter((each) => each === kind).length;
  return [...new Set(now)].filter((kind) => count(now, kind) > count(before, kind));
}
