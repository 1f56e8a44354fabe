import type { Row, StreamSchema, TargetConnector, TargetMessage } from 'c8connector';
import { isC8Error, writeAcknowledged } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable } from '../check.ts';
import { sameAfterFailure } from '../interface/after-failure.ts';
import { type Answer, type Fault, faultProxy } from '../interface/fault-proxy.ts';
import {
  emptyBody,
  emptyList,
  emptyObject,
  failures,
  halfAsWhole,
  htmlPage,
  isTheSame,
  noContent,
  numbersOf,
  passing,
} from '../interface/faults.ts';
import { servedBy, serviceAddress } from '../interface/service-address.ts';
import { difference } from '../values/same-rows.ts';
import { batchOf, writeRequest } from './batches.ts';
import { types } from './cases/target-case.ts';
import type { TargetContext } from './target-context.ts';

const nonsense: readonly Fault[] = [htmlPage, emptyBody, emptyObject, emptyList, noContent, halfAsWhole];
const schema: StreamSchema = { type: 'object', properties: { id: types.id, name: types.text } };
const parts: readonly (readonly Row[])[] = [
  [
    { id: 1, name: 'one' },
    { id: 2, name: 'two' },
  ],
  [
    { id: 3, name: 'three' },
    { id: 4, name: 'four' },
  ],
];

/** 113 */
export const nonsenseForRows: Check<TargetContext> = {
  number: 113,
  title:
    'rows count as stored only when the answer shows it, and not after 200 with an HTML page, nothing, {}, or half of the answer',
  where:
    'what reads an answer: take for stored only what the service documents, such as a checksum, a count or an id, and never a status alone',
  timeout: 110,
  run: (context) => spoilRequests(context, nonsense),
};

/** 114 */
export const failingForRows: Check<TargetContext> = {
  number: 114,
  title:
    'a request that the service puts off, refuses or loses is made again, or ends its write with a named error; what was acknowledged is stored all the same',
  where: 'what looks at the status of an answer: 429, 5xx, redirects, login pages, connections that break',
  timeout: 110,
  run: (context) => spoilRequests(context, failures),
};

/** 115 */
export const writesAgain: Check<TargetContext> = {
  ...sameAfterFailure,
  timeout: 110,
  async run(context) {
    const address = await serviceAddress(context);
    const { length } = await goodAnswers(context);
    await Promise.all(
      passing.map(async (fault) => {
        await using proxy = await faultProxy(address);
        const config = await servedBy(context, proxy);
        for (const number of numbersOf(length)) {
          const target = context.makeConnector();
          proxy.spoil(number, fault);
          await write(context, config, target);
          proxy.spoil(0, undefined);
          const { stream, failure } = await write(context, config, target);
          const expected = `a good write by the connector of one whose request ${number} was answered with ${fault.name}`;
          if (failure !== undefined) throw new Finding(expected, errorText(failure.error), { cause: failure.error });
          const found = difference(parts.flat(), await context.readBack(stream));
          if (found !== undefined) throw new Finding(expected, found);
        }
      }),
    );
  },
};

/** What a write came to: the rows before the FLUSHes that it acknowledged, and its error. */
interface Outcome {
  readonly stream: string;
  readonly acknowledged: readonly Row[];
  readonly failure?: { readonly error: unknown };
}

async function spoilRequests(context: TargetContext, faults: readonly Fault[]): Promise<void> {
  const address = await serviceAddress(context);
  const answers = await goodAnswers(context);
  await Promise.all(
    faults.map(async (fault) => {
      await using proxy = await faultProxy(address);
      const config = await servedBy(context, proxy);
      for (const number of numbersOf(answers.length)) {
        const own = answers[number - 1];
        if (own === undefined || isTheSame(fault.answer(own), own)) continue;
        proxy.spoil(number, fault);
        await checkOutcome(
          context,
          await write(context, config),
          `whose request ${number} is answered with ${fault.name}`,
        );
      }
    }),
  );
}

/** What the service answers to each request of a write. Throws NotRunnable where it does not work through a proxy. */
async function goodAnswers(context: TargetContext): Promise<readonly Answer[]> {
  await using proxy = await faultProxy(await serviceAddress(context));
  const { failure } = await write(context, await servedBy(context, proxy));
  if (proxy.requests() === 0) throw new NotRunnable('write sends no HTTP request to the address of the config');
  if (failure === undefined) return proxy.answers();
  throw new NotRunnable(
    `write does not work through an HTTP proxy in front of its service: ${errorText(failure.error)}`,
  );
}

/** Two FLUSHes with some rows each, into a stream of their own. */
async function write(
  context: TargetContext,
  integration: unknown,
  target: TargetConnector = context.makeConnector(),
): Promise<Outcome> {
  const stream = context.streamName('answers');
  const { exact } = target.accepts(integration);
  async function* messages(): AsyncGenerator<TargetMessage> {
    yield { type: 'SCHEMA', stream, schema, keyProperties: ['id'] };
    for (const [at, rows] of parts.entries()) {
      yield batchOf(stream, schema, rows, exact);
      yield { type: 'FLUSH', state: { bookmarks: { [stream]: { at } } }, isCheckpoint: true };
    }
  }
  const acknowledged: Row[] = [];
  try {
    const request = { ...(await writeRequest(context, stream)), integration };
    for await (const _ of writeAcknowledged(target, messages(), request))
      acknowledged.push(...(parts[acknowledged.length / 2] ?? []));
    return { stream, acknowledged };
  } catch (error) {
    return { stream, acknowledged, failure: { error } };
  }
}

async function checkOutcome(context: TargetContext, outcome: Outcome, when: string): Promise<void> {
  const { stream, acknowledged, failure } = outcome;
  const found = await context.readBack(stream);
  const lost = acknowledged.find((row) => found.every((other) => difference([row], [other]) !== undefined));
  if (lost !== undefined)
    throw new Finding(
      `write, ${when}: all rows that it acknowledged, or an error before it yields their state`,
      `their state was yielded, and ${difference(acknowledged, found)}`,
    );
  if (failure === undefined) return;
  const { error } = failure;
  if (!isC8Error(error) || error.name === 'ConnectorError')
    throw new Finding(`write, ${when}: an error of the project that says who must act`, errorText(error), {
      cause: error,
    });
}
