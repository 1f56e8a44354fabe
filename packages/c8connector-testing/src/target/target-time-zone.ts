import type { Row } from 'c8connector';
import { type Check, errorText, Finding } from '../check.ts';
import { inTimeZone, sameEverywhere, timeZones } from '../interface/time-zone.ts';
import { difference } from '../values/same-rows.ts';
import { recordMessages, schemaMessage, types } from './cases/target-case.ts';
import { type TargetContext, writeMessages } from './target-context.ts';

const columns = {
  id: types.id,
  day: { type: ['null', 'string'], format: 'date' },
  moment: { type: ['null', 'string'], format: 'date-time' },
};
const rows: readonly Row[] = [
  { id: 1, day: '2023-04-05', moment: '2023-04-05T00:30:00+00:00' },
  { id: 2, day: '2023-12-31', moment: '2023-12-31T23:30:00+00:00' },
];

/** 108 */
export const targetTimeZone: Check<TargetContext> = {
  ...sameEverywhere,
  async run(context) {
    const config = await context.config();
    for (const zone of timeZones) {
      const stream = context.streamName('time_zone');
      const messages = [schemaMessage(stream, columns), ...recordMessages(stream, rows)];
      const write = () => writeMessages(context.makeConnector(), config, messages, context.log);
      const { failure } = await inTimeZone(zone, write);
      if (failure !== undefined)
        throw new Finding(`rows written on a machine in ${zone}`, errorText(failure.error), { cause: failure.error });
      const found = difference(rows, await context.readBack(stream));
      if (found !== undefined) throw new Finding(`dates and times as they were sent, on a machine in ${zone}`, found);
    }
  },
};
