import { type Check, errorText, Finding } from '../check.ts';
import { inTimeZone, sameEverywhere, timeZones } from '../interface/time-zone.ts';
import { acceptedCases, checkStored, messagesOf } from './cases/target-cases.ts';
import { type TargetContext, writeMessages } from './target-context.ts';

/** The case with a date and a moment. */
const withDates = acceptedCases.filter(({ name }) => name === 'optional_attributes');

/** 108 */
export const targetTimeZone: Check<TargetContext> = {
  ...sameEverywhere,
  async run(context) {
    const config = await context.config();
    for (const zone of timeZones) {
      for (const testCase of withDates) {
        const stream = context.streamName('time_zone');
        const write = () => writeMessages(context.makeConnector(), config, messagesOf(testCase, stream), context.log);
        const { failure } = await inTimeZone(zone, write);
        if (failure !== undefined)
          throw new Finding(`rows written on a machine in ${zone}`, errorText(failure.error), { cause: failure.error });
        await checkStored(context, testCase, stream);
      }
    }
  },
};
