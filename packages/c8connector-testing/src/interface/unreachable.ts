import { isC8Error } from 'c8connector';
import { type Check, errorText, Finding } from '../check.ts';
import { type ConnectorContext, validate } from '../context.ts';
import { endsWithin } from '../ends-within.ts';
import { pointedAt } from './addresses.ts';
import { closedPort } from './silent-server.ts';
import { failedReport } from './validation.ts';

const limitSeconds = 10;

/** 21 */
export const unreachableHost: Check<ConnectorContext> = {
  number: 21,
  title: `validate reports within ${limitSeconds} s that nobody answers at the address: a failed step, and a ConnectionError as cause`,
  where: "time-outs and retries of the client, and where a driver's errors become ConnectionError",
  async run(context) {
    const { unreachable } = context;
    const config =
      typeof unreachable === 'object'
        ? { ...(await context.config()), ...unreachable }
        : await pointedAt(context, await closedPort());
    const validation = await endsWithin(
      limitSeconds * 1000,
      () => validate(context.connector, config),
      'validate of an address where nobody answers',
    );
    const { error } = failedReport(validation, 'an address where nobody answers');
    if (!isC8Error(error.cause) || error.cause.name !== 'ConnectionError')
      throw new Finding('a ConnectionError as the cause of the ValidationError', errorText(error.cause), {
        cause: error,
      });
  },
};
