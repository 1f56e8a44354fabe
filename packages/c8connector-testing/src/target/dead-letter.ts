import { randomUUID } from 'node:crypto';
import type { Rejection, State, StreamSchema, TargetMessage } from 'c8connector';
import { Batch, writeAcknowledged } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable, shown } from '../check.ts';
import { difference } from '../values/same-rows.ts';
import type { TargetContext } from './target-context.ts';

/** 71 */
export const deadLetter: Check<TargetContext> = {
  number: 71,
  title: 'a row that cannot be stored is passed to onRejected with its reason, and the run continues',
  where: 'what write does with a row that its service refuses: request.onRejected, and the rows around it',
  async run(context) {
    const { badRow } = context;
    if (badRow === undefined) {
      throw new NotRunnable(
        'the test names no row that the service refuses: give badRow when the target leaves such a row out and goes on; one that stops there has no rejected rows',
      );
    }
    const config = await context.config();
    const stream = context.streamName('bad_row');
    const schema: StreamSchema = { type: 'object', properties: badRow.properties };
    const { exact } = context.connector.accepts(config);
    const state: State = { bookmarks: { [stream]: { at: 1 } } };
    async function* messages(): AsyncGenerator<TargetMessage> {
      yield { type: 'SCHEMA', stream, schema, keyProperties: [] };
      const rows = [badRow?.good ?? {}, badRow?.bad ?? {}, badRow?.good ?? {}];
      for (const row of rows) yield Batch.ofRows({ stream, schema, extractedAt: '2023-04-05T06:07:08Z', exact }, [row]);
      yield { type: 'FLUSH', state, isCheckpoint: true };
    }
    const rejected: Rejection[] = [];
    const run = { id: randomUUID(), connection: randomUUID(), unit: stream, epoch: 1, generation: 1 };
    const request = { config, run, signal: new AbortController().signal, log: context.log };
    try {
      const onRejected = (rejection: Rejection) => rejected.push(rejection);
      for await (const _ of writeAcknowledged(context.connector, messages(), { ...request, onRejected }));
    } catch (error) {
      throw new Finding('a run that continues after a bad row', errorText(error), { cause: error });
    }
    const [one, ...others] = rejected;
    if (one === undefined || others.length > 0) throw new Finding('one call of onRejected', `${rejected.length} calls`);
    if (one.stream !== stream || [one.row, one.code, one.message].some((text) => text.trim() === ''))
      throw new Finding(`a rejection of '${stream}' that names its row, a code and a reason`, shown(one));
    const found = difference([badRow.good, badRow.good], await context.readBack(stream));
    if (found !== undefined) throw new Finding('the rows before and after the bad one stored, and it not', found);
  },
};
