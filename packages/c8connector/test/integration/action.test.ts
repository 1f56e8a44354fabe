import { describe, expect, test } from 'vitest';
import { findAction } from '../../src/index.ts';
import { memoryIntegration } from '../fixtures/memory-integration.ts';

const said: string[] = [];
const memory = new (memoryIntegration((text) => said.push(text)))();
const config = { password: 'open sesame' };

describe('an action', () => {
  test('is found by its name', () => {
    expect(findAction(memory, 'say').example).toEqual({ text: 'hello' });
  });

  test.each([
    ['sya', "c8-integration-memory has no action 'sya'; did you mean 'say'?"],
    ['deleteEverything', "c8-integration-memory has no action 'deleteEverything'; it has say"],
  ])('%s is unknown, with exit code 2 and the list of actions', (name, message) => {
    expect(() => findAction(memory, name)).toThrow(
      expect.objectContaining({ code: 'action_unknown', exitCode: 2, message }),
    );
  });

  test('takes its parsed input and returns its output', async () => {
    expect(await memory.call('say', config, { text: 'hello' })).toEqual({ number: 1 });
    expect(said).toEqual(['hello']);
  });

  test('a bad input names the action, not the config, and every property', async () => {
    await expect(memory.call('say', config, { text: 5 })).rejects.toMatchObject({
      code: 'input_invalid',
      exitCode: 2,
      message: 'the input of say has a problem: text: 5 is not text; put it in quotes',
      problems: [{ property: 'text' }],
    });
    await expect(memory.call('say', config, ['hello'])).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('input of say'),
    });
  });

  test.each([
    [{ text: 'hello', txet: 'a' }, "the input of say has a problem: txet: unknown property; did you mean 'text'?"],
    [{ text: 'hello', post_at: 1 }, 'the input of say has a problem: post_at: unknown property; say takes text'],
    [
      { tetx: 'hello' },
      "the input of say has 2 problems:\n  text: is mandatory; give a value\n  tetx: unknown property; did you mean 'text'?",
    ],
    [
      { text: 'hello', toString: 'a', __proto__x: 1 },
      'the input of say has 2 problems:\n  toString: unknown property; say takes text\n  __proto__x: unknown property; say takes text',
    ],
  ])('an input with an unknown property is not used: %j', async (input, message) => {
    const before = said.length;
    await expect(memory.call('say', config, input)).rejects.toMatchObject({
      code: 'input_invalid',
      exitCode: 2,
      message,
    });
    expect(said).toHaveLength(before);
  });

  test('an input may name its schema, as a file does for editors', async () => {
    const other = new (memoryIntegration(() => 1))();
    expect(await other.call('say', config, { $schema: './say.json', text: 'hello' })).toEqual({ number: 1 });
  });

  test('a bad config is not a bad input', async () => {
    await expect(memory.call('say', {}, { text: 'hello' })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('keeps what it creates for the lifetime of the object', async () => {
    expect(await memory.call('say', config, { text: 'again' })).toEqual({ number: 2 });
  });
});
