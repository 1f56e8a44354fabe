import { setTimeout } from 'node:timers/promises';
import { ConfigError, ConnectionError, type IntegrationConnector, isC8Error } from 'c8connector';
import { expect, test } from 'vitest';
import { integrationFindings } from '../findings.ts';

type Call = IntegrationConnector['call'];

/** The findings on an integration whose `call` goes through a function. */
async function findingsWith(
  call: (honest: Call, said: string[]) => Call,
  options?: Parameters<typeof integrationFindings>[1],
): Promise<string[]> {
  return await integrationFindings((honest, said) => ({ call: call(honest.call.bind(honest), said) }), options);
}

test('77 and nothing else finds an unknown action that is refused with another error', async () => {
  const findings = await findingsWith((honest) => async (action, ...given) => {
    if (action !== 'say') throw new ConnectionError('no such thing', { code: 'login_refused' });
    return await honest(action, ...given);
  });
  expect(findings).toEqual([
    expect.stringMatching(/^77 .*an error action_unknown\n {2}found: ConnectionError login_refused: no such thing/s),
  ]);
});

test('77 and nothing else finds that something is sent before an unknown action is refused', async () => {
  const findings = await findingsWith((honest, said) => async (action, ...given) => {
    if (action !== 'say') said.push('hello?');
    return await honest(action, ...given);
  });
  expect(findings).toEqual([expect.stringMatching(/^77 .*: nothing sent\n {2}found: 1 calls/s)]);
});

test('78 and nothing else finds that a bad input is sent', async () => {
  const findings = await findingsWith((honest, said) => async (...given) => {
    try {
      return await honest(...given);
    } catch (error) {
      if (isC8Error(error) && error.code === 'input_invalid') said.push('something');
      throw error;
    }
  });
  expect(findings).toEqual([expect.stringMatching(/^78 .*"no object": nothing sent\n {2}found: 1 calls/s)]);
});

test.each<[string, (error: ConfigError) => unknown, string]>([
  ['is a TypeError', () => new TypeError('text is undefined'), 'found: TypeError: text is undefined'],
  [
    'names no property',
    ({ message, code }) => new ConfigError(message, { code }),
    "expected: action 'say': problems with text\n  found: nothing about text",
  ],
])('78 and nothing else finds that the error of a bad input %s', async (_name, change, found) => {
  const findings = await findingsWith((honest) => async (...given) => {
    try {
      return await honest(...given);
    } catch (error) {
      throw isC8Error(error) && error.code === 'input_invalid' ? change(error as ConfigError) : error;
    }
  });
  expect(findings).toEqual([expect.stringMatching(/^78 an invalid input is rejected with input_invalid/)]);
  expect(findings[0]).toContain(found);
});

test('78 finds that only the first of two bad properties is named', async () => {
  const findings = await integrationFindings(
    (honest) => ({
      actions: honest.actions.map((action) => ({
        ...action,
        input: action.input.flatMap((property) => [property, { ...property, name: 'tone' }]),
      })),
      call: honest.call.bind(honest),
    }),
    { only: 78 },
  );
  expect(findings).toEqual([expect.stringContaining('problems with text, tone\n  found: nothing about tone')]);
});

test.each<[string, unknown, string]>([
  ['a number as text', { number: '1' }, 'column \'number\' must be integer, and is "1"'],
  ['nothing', undefined, 'the record must be object'],
  ['an output without what is required', {}, "must have required property 'number'"],
])('79 and nothing else finds %s as output', async (_name, output, found) => {
  const findings = await findingsWith((honest) => async (...given) => {
    await honest(...given);
    return output;
  });
  expect(findings).toEqual([expect.stringMatching(/^79 a valid call returns an output that matches/)]);
  expect(findings[0]).toContain(found);
});

test('79 finds a good call that is refused', async () => {
  expect(await integrationFindings(() => ({}), { calls: { say: { text: 'bad' } }, only: 79 })).toEqual([
    expect.stringMatching(/^79 .*found: DataError action_refused: bad_word: nobody says that/s),
  ]);
});

test.each<[string, unknown, string]>([
  ['nothing of the project', new TypeError('401'), 'found: TypeError: 401'],
  [
    'an unknown outcome',
    new ConnectionError('401', { code: 'outcome_unknown' }),
    'found: ConnectionError outcome_unknown: 401',
  ],
])('80 and nothing else finds that a wrong secret gives %s', async (_name, error, found) => {
  const findings = await findingsWith((honest) => async (...given) => {
    try {
      return await honest(...given);
    } catch (refused) {
      throw isC8Error(refused) && refused.code === 'login_refused' ? error : refused;
    }
  });
  expect(findings).toEqual([expect.stringMatching(/^80 a call with a wrong secret fails with a named error/)]);
  expect(findings[0]).toContain(found);
});

test('80 and nothing else finds that a wrong secret is accepted', async () => {
  const findings = await findingsWith(
    (honest) => (action, _config, input, options) => honest(action, { password: 'open sesame' }, input, options),
  );
  expect(findings).toEqual([expect.stringMatching(/^80 .*found: it was accepted/s)]);
});

test('81 and nothing else finds a call that continues after its abort', async () => {
  const findings = await findingsWith((honest) => async (...given) => {
    const output = await honest(...given);
    if (given[3]?.signal?.aborted === true) await setTimeout(1100);
    return output;
  });
  expect(findings).toEqual([
    expect.stringMatching(/^81 .*expected: action 'say': an end within 1000 ms of the abort\n {2}found: it went on/s),
  ]);
});

test('81 and nothing else finds a call that ignores its signal', async () => {
  const findings = await findingsWith(
    (honest) =>
      (action, config, input, { signal: _, ...options } = {}) =>
        honest(action, config, input, options),
  );
  expect(findings).toEqual([
    expect.stringMatching(/^81 .*a call that was aborted before it began rejects\n {2}found: an output/s),
  ]);
});

test('81 and nothing else finds a call that sends before it checks its signal', async () => {
  const findings = await findingsWith((honest, said) => async (...given) => {
    if (given[3]?.signal?.aborted === true) said.push('half a word');
    return await honest(...given);
  });
  expect(findings).toEqual([expect.stringMatching(/^81 .*nothing sent once it is aborted\n {2}found: 1 calls/s)]);
});

test('24 and nothing else finds a password in the error of a call', async () => {
  const findings = await findingsWith((honest) => async (...given) => {
    try {
      return await honest(...given);
    } catch (error) {
      const { password } = given[1] as { readonly password?: string };
      throw isC8Error(error) && error.code === 'login_refused'
        ? new ConnectionError(`${password} is wrong`, { code: error.code })
        : error;
    }
  });
  expect(findings).toEqual([expect.stringMatching(/^24 .*expected: no secret in the outcome of say/s)]);
});

test('24 and nothing else finds a password in the output of a good call', async () => {
  const findings = await findingsWith((honest) => async (...given) => ({
    ...((await honest(...given)) as object),
    session: (given[1] as { readonly password: string }).password,
  }));
  expect(findings).toEqual([expect.stringMatching(/^24 .*expected: no secret in the outputs of good calls/s)]);
});

test('checks that need a call are not run without calls that may be made', async () => {
  const said: string[] = [];
  expect(
    await integrationFindings((_honest, sink) => ({ call: async () => sink.push(said.join()) }), {
      calls: {},
      only: 79,
    }),
  ).toEqual([]);
  const findings = await findingsWith(() => async () => ({ number: 'one' }), {
    calls: {},
    allowExamples: true,
    only: 79,
  });
  expect(findings).toEqual([expect.stringContaining("column 'number' must be integer")]);
});
