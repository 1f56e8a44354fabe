import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalog, SourceConnector, SourceMessage } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable } from '../../check.ts';
import { record, untilRecords } from '../recording/recording.ts';
import { selectAll } from '../recording/selected-catalog.ts';
import { countRows } from '../recording/tables.ts';
import { ampleCap, type SourceContext } from '../source-context.ts';

/** Milliseconds. */
const limit = 5000;

/** 41 */
export const earlyEnd: Check<SourceContext> = {
  number: 41,
  title: `a read that is ended early ends within ${limit / 1000} s, and the connector reads again afterwards`,
  where: 'the finally blocks of read, and what it waits for while it ignores its signal',
  async run(context) {
    const { lines, capped } = await context.read();
    const stream = [...lines].sort(([, one], [, other]) => other.size - one.size)[0]?.[0];
    if (stream === undefined) throw new NotRunnable('no stream is selected');
    const catalog = selectAll(await context.catalog(), [stream]);
    const source = context.makeConnector();
    await endBetweenPages(context, source, catalog);
    await endWithinPage(context, source, catalog);
    const wanted = countRows(lines.get(stream));
    const cap = capped.has(stream) ? context.recordCap : ampleCap(context.recordCap);
    const again = await readAgain(context, source, catalog, cap);
    const found = countRows(again.lines.get(stream));
    const isEnough = capped.has(stream) ? found >= context.recordCap : found === wanted;
    if (!isEnough)
      throw new Finding(
        `${capped.has(stream) ? 'more than' : ''} ${capped.has(stream) ? context.recordCap : wanted} records of '${stream}' in a read after those that were ended early`,
        `${found}`,
      );
  },
};

/** Ends the read after the first records. */
async function endBetweenPages(context: SourceContext, source: SourceConnector, catalog: Catalog): Promise<void> {
  const { iterator } = await begin(context, source, catalog);
  await untilRecords(iterator);
  await end(iterator, 'after the first records');
  const more = await within(iterator.next(), 'next() after return()');
  if (more.done !== true) throw new Finding('nothing after return()', `${more.value.type}`);
}

/** Ends the read while it waits for more records. */
async function endWithinPage(context: SourceContext, source: SourceConnector, catalog: Catalog): Promise<void> {
  const { iterator, stop } = await begin(context, source, catalog);
  await untilRecords(iterator);
  // return() waits for the pending next(), so the signal is aborted first; the result of that next() is ignored.
  const pending = Promise.resolve(iterator.next()).catch(() => undefined);
  await sleep(1);
  stop.abort();
  await end(iterator, 'in the middle of a page, after its signal');
  await within(pending, 'next() that was under way');
}

async function begin(context: SourceContext, source: SourceConnector, catalog: Catalog) {
  const stop = new AbortController();
  const { log } = context;
  const request = { config: await context.config(), catalog, exact: 'number', signal: stop.signal, log } as const;
  return { iterator: source.read(request)[Symbol.asyncIterator](), stop };
}

async function end(iterator: AsyncIterator<SourceMessage>, when: string): Promise<void> {
  try {
    await within(Promise.resolve(iterator.return?.()), `return() ${when}`);
  } catch (error) {
    if (error instanceof Finding) throw error;
    throw new Finding(`return() ${when} without an error`, errorText(error), { cause: error });
  }
}

async function readAgain(context: SourceContext, source: SourceConnector, catalog: Catalog, cap: number) {
  try {
    return await record(source, { config: await context.config(), catalog, log: context.log }, cap);
  } catch (error) {
    throw new Finding('a read after those that were ended early', errorText(error), { cause: error });
  }
}

/** Throws a Finding when the work takes longer than the limit. */
async function within<T>(work: Promise<T>, what: string): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([
      work,
      sleep(limit, undefined, { signal: late.signal }).then(() => {
        throw new Finding(`${what} done within ${limit / 1000} s`, 'it was not');
      }),
    ]);
  } finally {
    late.abort();
  }
}
