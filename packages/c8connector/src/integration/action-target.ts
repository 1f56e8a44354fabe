import { isDeepStrictEqual } from 'node:util';
import type {
  Action,
  CallOptions,
  IntegrationConnector,
  TargetConnector,
  WriteRequest,
} from '../interface/connector.ts';
import { ConnectionError, DataError, isC8Error } from '../interface/errors.ts';
import type { LedgerEntry } from '../interface/ledger.ts';
import type { TargetMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';
import type { Row } from '../interface/value.ts';
import { sequenceColumn } from '../jsonl/log-columns.ts';
import { findAction } from './action.ts';
import { checkInputColumns, rowInput } from './input.ts';
import { type RowIdentity, rowIdentity } from './row-identity.ts';
import { render, type Template } from './template.ts';

/** After this many calls in a row whose outcome is unknown, the service is considered down. */
const mostUnknown = 3;

/** Options of {@link actionTarget}. */
export interface ActionTargetOptions {
  /** Called with the result of each call. */
  readonly onResult?: (entry: LedgerEntry, output: unknown) => Promise<void> | void;
}

/**
 * A target that calls one action of an integration for each row. `input` is a template over the columns, `{ text: '{{name}} signed up' }`. Without one the row itself is the
 * input, and each of its columns must be a property of the action. A call cannot be undone, so each answered call is written to the ledger, and a row in the ledger is not sent
 * again: after a kill only the call in progress can be repeated. A call with an unknown outcome is not repeated either: its row is rejected. Retries are up to the integration's
 * own settings.
 */
export function actionTarget(
  integration: IntegrationConnector,
  action: string,
  input?: Template,
  options: ActionTargetOptions = {},
): TargetConnector {
  const known = findAction(integration, action);
  const { name, packageName, version, description, logo, config, capabilities } = integration;
  return {
    name,
    packageName,
    version,
    type: 'target',
    description,
    logo,
    config,
    capabilities,
    reservedKeys: [],
    validate: (settings: unknown, callOptions?: CallOptions) => integration.validate(settings, callOptions),
    samples: async () => [],
    schemas: async () => [],
    // A FLUSH at each STATE: rows without a key are counted from there.
    accepts: () => ({ flush: { rows: 1, bytes: 4_000_000, age: 10 }, exact: 'number', needsLedger: true }),
    write: (messages, request) => writeRows(messages, request, { integration, action: known, input, ...options }),
  };
}

interface Calls extends ActionTargetOptions {
  readonly integration: IntegrationConnector;
  readonly action: Action;
  readonly input: Template | undefined;
}

async function* writeRows(
  messages: AsyncIterable<TargetMessage>,
  request: WriteRequest,
  calls: Calls,
): AsyncGenerator<State | undefined> {
  const keys = new Map<string, readonly string[]>();
  const streams = new Map<string, RowIdentity>();
  let unknown = 0;

  async function send(stream: string, identity: RowIdentity, row: Row): Promise<void> {
    request.signal.throwIfAborted();
    const entry = { stream, row: identity.of(row) };
    if (request.ledger?.has(entry) === true) return;
    unknown = (await callOnce(entry, row, request, calls)) ? 0 : unknown + 1;
    if (unknown >= mostUnknown) {
      throw new ConnectionError(
        `${stream}: the outcome of ${unknown} calls in a row is unknown: the service seems to be down`,
        { code: 'outcome_unknown' },
      );
    }
  }

  for await (const message of messages) {
    if (message.type === 'SCHEMA') {
      const columns = Object.keys(message.schema.properties);
      // A schema without columns says nothing about its rows.
      if (columns.length > 0 || calls.input !== undefined)
        checkInputColumns(calls.action, calls.input, columns, `stream '${message.stream}'`);
      // A repeated SCHEMA must not restart the count of equal rows.
      if (!isDeepStrictEqual(keys.get(message.stream), message.keyProperties)) {
        keys.set(message.stream, message.keyProperties);
        const isLog = Object.hasOwn(message.schema.properties, sequenceColumn);
        streams.set(message.stream, rowIdentity(message.keyProperties, { isLog }));
      }
    } else if (message.type === 'RECORDS') {
      const identity = streams.get(message.stream) ?? rowIdentity([]);
      for (const row of message.rows()) await send(message.stream, identity, row);
    } else if (message.type === 'FLUSH') {
      if ((await request.ledger?.markBoundary(message.state)) === true)
        for (const identity of streams.values()) identity.markBoundary();
      yield message.state;
    }
  }
}

/** False when it is unknown whether the service accepted the call. The entry is durable before anything else happens. */
async function callOnce(entry: LedgerEntry, row: Row, request: WriteRequest, calls: Calls): Promise<boolean> {
  const { integration, action, input } = calls;
  const escapeText = (text: string) => integration.escape?.(text) ?? text;
  const { signal, log } = request;
  try {
    const rendered = input === undefined ? rowInput(action, row) : render(input, row, escapeText);
    const output = await integration.call(action.name, request.config, rendered, { signal, log });
    await request.ledger?.add(entry);
    await calls.onResult?.(entry, output);
    return true;
  } catch (error) {
    if (!isC8Error(error)) throw error;
    if (error.code === 'outcome_unknown') {
      await request.ledger?.add(entry);
      log.warn(`${entry.stream}: it is unknown whether the row was accepted; it is not sent again`, {
        row: entry.row,
        error: error.message,
      });
      request.onRejected?.({ ...entry, code: error.code, message: error.message });
      return false;
    }
    if (error.name !== 'DataError' && error.code !== 'input_invalid') throw error;
    throw new DataError(`stream '${entry.stream}', row ${entry.row}: ${error.message}`, {
      code: error.code,
      cause: error,
      details: { ...error.details, ...entry },
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}
