/** An error of the compiler. */
export interface BuildProblem {
  /** Relative to the folder of the package. */
  readonly file: string;
  readonly line: number | undefined;
  readonly message: string;
}

const placed = /^(.+?)\((\d+),\d+\): error (.*)$/;

/** The errors in what `tsc --pretty false` prints. */
export function buildProblems(output: string): readonly BuildProblem[] {
  if (output === '') return [];
  // Two passes of the compiler may find the same.
  const lines = [...new Set(output.split(/\r?\n/))];
  const problems = lines.flatMap((line): readonly BuildProblem[] => {
    const [, file, number, message] = placed.exec(line) ?? [];
    if (file !== undefined && message !== undefined)
      return [{ file: file.replaceAll('\\', '/'), line: Number(number), message }];
    const general = /^error (.*)$/.exec(line)?.[1];
    return general === undefined ? [] : [{ file: 'tsconfig.json', line: undefined, message: general }];
  });
  // It broke in a way of its own.
  return problems.length > 0 ? problems : [{ file: 'tsconfig.json', line: undefined, message: lines[0] ?? '' }];
}
