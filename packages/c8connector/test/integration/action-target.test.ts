import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { actionTarget, type LedgerEntry, type Rejection, type State } from '../../src/index.ts';
import { openFileDeliveries } from '../../src/state/file-delivery-log.ts';
import { resumePointOf } from '../../src/state/resume-point.ts';
import { memoryIntegration } from '../fixtures/memory-integration.ts';
import { messagesOf, stateAt, textOnly, writeRequest } from './rows.ts';

let folder: string;
let said: string[];
let Memory: ReturnType<typeof memoryIntegration>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'action-target-'));
  said = [];
  Memory = memoryIntegration((text) => said.push(text));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const template = { text: '{{text}}' };
const rowsOf = (...texts: readonly string[]) => texts.map((text, id) => ({ id, text }));
const plainRows = (...texts: readonly string[]) => texts.map((text) => ({ text }));

async function statesOf(states: AsyncIterable<State | undefined>): Promise<(State | undefined)[]> {
  const all: (State | undefined)[] = [];
  for await (const state of states) all.push(state);
  return all;
}

describe('a target that calls an action', () => {
  test('is made from an integration and one of its actions', () => {
    expect(actionTarget(new Memory(), 'say')).toMatchObject({ type: 'target', packageName: 'c8-integration-memory' });
    expect(() => actionTarget(new Memory(), 'sing')).toThrow(expect.objectContaining({ code: 'action_unknown' }));
  });

  test('calls once for each row and acknowledges each FLUSH', async () => {
    const results: [LedgerEntry, unknown][] = [];
    const target = actionTarget(
      new Memory(),
      'say',
      { text: '{{id}}: {{text}} & more' },
      {
        onResult: (entry, output) => {
          results.push([entry, output]);
        },
      },
    );
    const messages = messagesOf([rowsOf('a', '<b>'), { position: 2 }, rowsOf('c'), { position: 3 }], ['id']);
    const states = await statesOf(target.write(messages, writeRequest()));
    expect(said).toEqual(['0: a & more', '1: &lt;b&gt; & more', '0: c & more']);
    expect(states).toEqual([2, 3].map(stateAt));
    expect(results[1]).toEqual([{ stream: 'rows', row: '[1]' }, { number: 2 }]);
  });

  test('without a template the row itself is the input', async () => {
    await statesOf(
      actionTarget(new Memory(), 'say').write(messagesOf([plainRows('a & b')], [], textOnly), writeRequest()),
    );
    expect(said).toEqual(['a & b']);
  });

  test('sends equal rows without a key as often as they come, also after a repeated SCHEMA', async () => {
    await using log = openFileDeliveries(join(folder, 'ledger'));
    await using ledger = await log.open('rows/copy/0@1', null);
    async function* twice() {
      yield* messagesOf([plainRows('a', 'a')], [], textOnly);
      yield* messagesOf([plainRows('a')], [], textOnly);
    }
    await statesOf(actionTarget(new Memory(), 'say').write(twice(), { ...writeRequest(), ledger }));
    expect(said).toEqual(['a', 'a', 'a']);
  });

  test('an unknown column is reported before anything is sent', async () => {
    const target = actionTarget(new Memory(), 'say', { text: '{{txet}}' });
    await expect(statesOf(target.write(messagesOf([rowsOf('a')]), writeRequest()))).rejects.toMatchObject({
      code: 'column_unknown',
      message: expect.stringContaining("did you mean 'text'?"),
    });
    expect(said).toEqual([]);
  });

  test('a column that the action does not take is refused before anything is sent, where the row itself is the input', async () => {
    const target = actionTarget(new Memory(), 'say');
    await expect(statesOf(target.write(messagesOf([rowsOf('a')]), writeRequest()))).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'input_invalid',
      message: "stream 'rows', whose rows are the input of say, has a problem: id: unknown property; say takes text",
      problems: [{ property: 'id' }],
    });
    expect(said).toEqual([]);
  });

  test('a column that a log adds is not an input', async () => {
    const added = { _sdc_deleted_at: null, _sdc_sequence: 7, _sdc_lsn: '0/1' };
    const columns = { ...textOnly, ...Object.fromEntries(Object.keys(added).map((name) => [name, {}])) };
    const messages = messagesOf([[{ text: 'a', ...added }]], [], columns);
    await statesOf(actionTarget(new Memory(), 'say').write(messages, writeRequest()));
    expect(said).toEqual(['a']);
  });

  test.each([
    ['that the service refuses', 'bad', 'action_refused', "stream 'rows', row [1]: bad_word: nobody says that"],
    [
      'that is not a good input',
      '',
      'input_invalid',
      "stream 'rows', row [1]: the input of say has a problem: text: is empty",
    ],
  ])('a row %s is named, and ends the run', async (_name, text, code, message) => {
    const write = actionTarget(new Memory(), 'say', template).write(
      messagesOf([rowsOf('a', text, 'c')], ['id']),
      writeRequest(),
    );
    await expect(statesOf(write)).rejects.toMatchObject({
      name: 'DataError',
      code,
      message: expect.stringContaining(message),
      details: { stream: 'rows', row: '[1]' },
    });
    expect(said).toEqual(['a']);
  });

  test('the error of a wrong password is passed on unchanged', async () => {
    const request = { ...writeRequest(), config: { password: 'wrong' } };
    const write = actionTarget(new Memory(), 'say', template).write(messagesOf([rowsOf('a')]), request);
    await expect(statesOf(write)).rejects.toMatchObject({ code: 'login_refused', exitCode: 3 });
  });

  test('nothing is sent after the run was aborted', async () => {
    const request = { ...writeRequest(), signal: AbortSignal.abort() };
    const write = actionTarget(new Memory(), 'say', template).write(messagesOf([rowsOf('a')]), request);
    await expect(statesOf(write)).rejects.toThrow('abort');
    expect(said).toEqual([]);
  });
});

describe('a call with an unknown outcome', () => {
  test('rejects its row and is not made again, and the run continues', async () => {
    const rejections: Rejection[] = [];
    const path = join(folder, 'ledger');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await using log = openFileDeliveries(path);
      await using ledger = await log.open('rows/copy/0@1', null);
      const messages = messagesOf([rowsOf('a', 'lost', 'c'), { position: 3 }], ['id']);
      await statesOf(actionTarget(new Memory(), 'say', template).write(messages, writeRequest(ledger, rejections)));
    }
    expect(said).toEqual(['a', 'lost', 'c']);
    expect(rejections).toEqual([
      { stream: 'rows', row: '[1]', code: 'outcome_unknown', message: 'the line went dead' },
    ]);
  });

  test('three in a row end the run as a failure of the connection, with the third row not made again', async () => {
    const rejections: Rejection[] = [];
    await using log = openFileDeliveries(join(folder, 'ledger'));
    await using ledger = await log.open('rows/copy/0@1', null);
    const write = actionTarget(new Memory(), 'say', template).write(
      messagesOf([rowsOf('a', 'lost', 'lost', 'b', 'lost', 'lost', 'lost', 'c')], ['id']),
      writeRequest(ledger, rejections),
    );
    await expect(statesOf(write)).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'outcome_unknown',
      message: expect.stringContaining('3 calls in a row'),
    });
    expect(said).toHaveLength(7);
    expect(rejections.map(({ row }) => row)).toEqual(['[1]', '[2]', '[4]', '[5]', '[6]']);
    expect(ledger.has({ stream: 'rows', row: '[6]' })).toBe(true);
  });
});

describe('rows without a key', () => {
  const parts = [plainRows('a', 'a', 'b'), { position: 3 }, plainRows('a', 'b', 'a'), { position: 6 }] as const;

  /** Writes until this many calls were answered, and then dies without a word. */
  async function writeUntil(
    path: string,
    calls: number,
    from: State | undefined,
    sent: Parameters<typeof messagesOf>[0],
  ) {
    await using log = openFileDeliveries(path);
    await using ledger = await log.open('rows/copy/0@1', resumePointOf(from));
    const target = actionTarget(new Memory(), 'say', template, {
      onResult: () => {
        calls -= 1;
        if (calls === 0) throw new Error('killed');
      },
    });
    let last = from;
    try {
      for await (const state of target.write(messagesOf(sent), writeRequest(ledger))) last = state ?? last;
    } catch (error) {
      expect(error).toHaveProperty('message', 'killed');
    }
    return last;
  }

  test.each([1, 2, 3, 4, 5, 6])(
    'equal ones are sent as often as they occur when a run dies after %i calls',
    async (calls) => {
      const path = join(folder, 'ledger');
      const reached = await writeUntil(path, calls, undefined, parts);
      const isBehindBorder = reached !== undefined;
      expect(isBehindBorder).toBe(calls > 3);
      await writeUntil(path, Number.POSITIVE_INFINITY, reached, isBehindBorder ? parts.slice(2) : parts);
      expect(said).toEqual(['a', 'a', 'b', 'a', 'b', 'a']);
    },
  );

  test('equal ones are sent as often as they occur when a run dies again and again', async () => {
    const path = join(folder, 'ledger');
    let state: State | undefined;
    for (let runs = 0; runs < 8; runs += 1) {
      state = await writeUntil(path, 1, state, state === undefined ? parts : parts.slice(2));
      if (isDeepStrictEqual(state, stateAt(6))) break;
    }
    expect(said).toEqual(['a', 'a', 'b', 'a', 'b', 'a']);
  });
});
