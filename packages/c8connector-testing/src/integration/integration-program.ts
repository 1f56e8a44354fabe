import { isDeepStrictEqual } from 'node:util';
import { parseValue } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import { checkExit, type Ended, stdoutLines } from '../program/ended.ts';
import { recordMessages, schemaMessage, stateMessage, types } from '../target/cases/target-case.ts';
import { singerText } from '../target/target-context.ts';
import type { IntegrationContext } from './integration-context.ts';

/** 51 */
export const integrationProgram: Check<IntegrationContext> = {
  number: 51,
  title: 'the program prints only results on stdout, one per line of input, or state lines for Singer messages',
  where: 'everything that writes to stdout: console.log, drivers that print; logs belong on stderr',
  async run(context) {
    const program = await context.program();
    const config = await context.config();
    const [{ action, input }] = context.goodCalls();
    const flags = ['--action', action.name];
    const good = `${JSON.stringify(input)}\n`;
    const state = { bookmarks: { rows: { finished: true } } };
    const singer = singerText([
      schemaMessage('rows', { id: types.id }),
      ...recordMessages('rows', [{ id: 1 }]),
      stateMessage(state),
    ]);
    const [nothing, lines, rows] = await Promise.all([
      program.run(flags, { config }, ''),
      program.run(flags, { config }, `"no object"\n${good}`),
      program.run(flags, { config, input }, singer),
    ]);

    checkExit(nothing, 'empty input');
    if (nothing.stdout !== '') throw new Finding('nothing on stdout for empty input', shown(nothing.stdout));
    checkResults(lines);
    if (lines.code !== 2) throw new Finding('exit code 2 when a line is a bad input', `${lines.code}`);
    checkExit(rows, 'Singer messages');
    const printed = valuesOf(rows);
    if (!isDeepStrictEqual(printed, [state]))
      throw new Finding(`the state and nothing else: ${shown(state)}`, shown(printed));
  },
};

function checkResults(ended: Ended): void {
  const [bad, good, ...others] = valuesOf(ended);
  if (others.length > 0 || good === undefined) throw new Finding('2 results for 2 lines of input', shown(ended.stdout));
  const { line, ok, error } = bad ?? {};
  if (line !== 1 || ok !== false || !isDeepStrictEqual(codeOf(error), 'input_invalid'))
    throw new Finding('for a bad line: {"line":1,"ok":false,"error":{"code":"input_invalid",…}}', shown(bad));
  if (good.line !== 2 || good.ok !== true || !Object.hasOwn(good, 'output'))
    throw new Finding('for the good line after it: {"line":2,"ok":true,"output":…}', shown(good));
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function valuesOf(ended: Ended): Readonly<Record<string, unknown>>[] {
  return stdoutLines(ended).map((line, index) => {
    let value: unknown;
    try {
      value = parseValue(line);
    } catch {
      throw new Finding('an object on each line of stdout', `line ${index + 1} is not JSON: ${shown(line)}`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Finding('an object on each line of stdout', `line ${index + 1}: ${shown(line)}`);
    return value as Readonly<Record<string, unknown>>;
  });
}
