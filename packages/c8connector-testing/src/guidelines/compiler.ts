import { runCommand } from '../program/run-command.ts';

/** An error of the compiler. */
export interface BuildProblem {
  /** Relative to the folder of the package. */
  readonly file: string;
  readonly line: number | undefined;
  readonly message: string;
}

/** Seconds, long enough for a slow machine: only a compiler that hangs takes longer. */
const limit = 120;

/** Runs `tsc` in a folder, and resolves with its errors; [] when it has none. Rejects when the signal is aborted. */
export async function compile(
  compiler: string,
  flags: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<readonly BuildProblem[]> {
  signal?.throwIfAborted();
  // tsc is a script that starts the compiler; if only the script were killed, the compiler would go on writing into a folder that is removed.
  const ended = await runCommand([process.execPath, compiler, ...flags], { folder, limit, signal, isGroup: true });
  signal?.throwIfAborted();
  if (ended.code === 0) return [];
  const printed = `${ended.stdout}${ended.stderr}`.trim();
  return problemsIn(printed || `error tsc ended with ${ended.code ?? ended.signal}`);
}

const placed = /^(.+?)\((\d+),\d+\): error (.*)$/;

/** The errors in the output of `tsc --pretty false`. */
function problemsIn(output: string): readonly BuildProblem[] {
  // Two passes of the compiler may report the same error.
  const lines = [...new Set(output.split(/\r?\n/))];
  const problems = lines.flatMap((line): readonly BuildProblem[] => {
    const [, file, number, message] = placed.exec(line) ?? [];
    if (file !== undefined && message !== undefined)
      return [{ file: file.replaceAll('\\', '/'), line: Number(number), message }];
    const general = /^error (.*)$/.exec(line)?.[1];
    return general === undefined ? [] : [{ file: 'tsconfig.json', line: undefined, message: general }];
  });
  // The compiler itself failed.
  return problems.length > 0 ? problems : [{ file: 'tsconfig.json', line: undefined, message: lines[0] ?? '' }];
}
