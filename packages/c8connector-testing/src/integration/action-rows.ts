import { join } from 'node:path';
import type { IntegrationConnector, RunEvent } from 'c8connector';
import { actionTarget, defineSource, neverStop, openFileState, run } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import { temporaryFolder } from '../program/temporary-folder.ts';
import { selectAll } from '../source/recording/selected-catalog.ts';
import type { IntegrationContext } from './integration-context.ts';

const where = 'call: it has to do its action once, and to keep nothing that changes a later call';
const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];
const keys = rows.map(({ id }) => `[${id}]`);

/** 83 */
export const oncePerRow: Check<IntegrationContext> = {
  number: 83,
  title: 'as a target, an integration calls its action once for each row',
  where,
  async run(context) {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'state.json');
    const before = await context.callsMade();
    const ran = await runRows(context, context.connector, path);
    checkDone(ran);
    if (shown(ran.answered) !== shown(keys))
      throw new Finding(`calls for the rows ${shown(keys)}`, shown(ran.answered));
    await checkSent(context, before, rows.length);
  },
};

/** 84 */
export const resumedRun: Check<IntegrationContext> = {
  number: 84,
  title: 'as a target, a run that was killed after a call resumes and repeats at most that call',
  where,
  async run(context) {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'state.json');
    const before = await context.callsMade();
    const killed = await runRows(context, context.makeConnector(), path, 2);
    const resumed = await runRows(context, context.makeConnector(), path);
    checkDone(resumed);
    const answered = [...killed.answered, ...resumed.answered];
    if (shown(answered) !== shown(keys)) throw new Finding(`answers for the rows ${shown(keys)}`, shown(answered));
    await checkSent(context, before, rows.length + 1);
  },
};

interface Ran {
  readonly events: readonly RunEvent[];
  /** The rows whose answer was recorded, in order. */
  readonly answered: readonly string[];
}

/** Runs the rows with the first allowed call. With `killAfter`, the answers of that call and all later ones are lost, as if the process had died. */
async function runRows(
  context: IntegrationContext,
  connector: IntegrationConnector,
  path: string,
  killAfter = Number.POSITIVE_INFINITY,
): Promise<Ran> {
  const [{ action, input }] = context.goodCalls();
  const events: RunEvent[] = [];
  const answered: string[] = [];
  const source = new RowSource();
  const target = actionTarget(mortal(connector, killAfter), action.name, input, {
    onResult: ({ row }) => {
      answered.push(row);
    },
  });
  await using state = await openFileState(path);
  await run({
    source,
    sourceConfig: {},
    target,
    targetConfig: await context.config(),
    catalog: selectAll(await source.discover({})),
    ...{ store: state.store, deliveries: state.deliveries },
    stop: neverStop(),
    log: context.log,
    onEvent: (event) => events.push(event),
  });
  return { events, answered };
}

class RowSource extends defineSource({
  package: { name: 'c8-source-conformance', version: '1.0.0' },
  name: 'Conformance',
  description: 'A few rows.',
  config: {},
  discover: () => [
    { id: 'rows', schema: { type: 'object', properties: { id: { type: 'integer' } } }, keyProperties: ['id'] },
  ],
  *read() {
    yield { rows };
  },
}) {}

/** The integration, whose process dies after a call was answered, but before its caller receives the answer. */
function mortal(connector: IntegrationConnector, killAfter: number): IntegrationConnector {
  const { name, packageName, version, type, description, logo, config, capabilities, reservedKeys, actions } =
    connector;
  let calls = 0;
  return {
    ...{ name, packageName, version, type, description, logo, config, capabilities, reservedKeys, actions },
    validate: (...given) => connector.validate(...given),
    samples: (...given) => connector.samples(...given),
    schemas: (...given) => connector.schemas(...given),
    escape: (text) => connector.escape?.(text) ?? text,
    async call(...given) {
      calls += 1;
      const output = await connector.call(...given);
      if (calls >= killAfter) throw new Error('killed');
      return output;
    },
  };
}

function checkDone({ events }: Ran): void {
  const failed = events.find((event) => event.type === 'failed' || event.type === 'rejected');
  if (failed !== undefined) {
    const { code, message } = failed.type === 'failed' ? failed.error : failed;
    throw new Finding('a run that ends well', `${failed.type} ${code}: ${message}`);
  }
  const last = events.at(-1);
  if (last?.type !== 'finished' || last.status !== 'done') throw new Finding('a run that ends well', shown(last));
}

async function checkSent({ callsMade }: IntegrationContext, before: number | undefined, wanted: number): Promise<void> {
  const now = await callsMade();
  if (now === undefined || before === undefined) return;
  if (now - before !== wanted)
    throw new Finding(
      `${wanted} calls at the service`,
      `${now - before}, by callsMade of the test, which counts neither logins nor what is asked before a call`,
    );
}
