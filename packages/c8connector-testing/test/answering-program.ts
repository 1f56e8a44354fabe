import type { Program } from '../src/program/connector-program.ts';
import type { Ended } from '../src/program/ended.ts';

/** How a program is called. */
export interface ProgramCall {
  readonly flags: readonly string[];
  readonly files: Readonly<Record<string, unknown>>;
  readonly input: string;
}

const good: Ended = { code: 0, signal: null, stdout: '', stderr: '', lateAfter: undefined, endedAfter: undefined };

/** A program without a process, for checks of what programs print: a function says how each call ends, else with 0 and nothing printed. */
export function answeringProgram(answer: (call: ProgramCall) => Partial<Ended>): Program {
  return {
    run: async (flags, files, input = '') => ({ ...good, ...answer({ flags, files, input }) }),
    start: () => Promise.reject(new Error('this program only answers')),
  };
}
