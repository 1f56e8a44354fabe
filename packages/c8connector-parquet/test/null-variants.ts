import type { Cell } from './blocks.ts';
import { nullPatterns } from './samples.ts';

/** A column of this many rows for each null pattern: of different values and of values that repeat, so that both PLAIN and a dictionary are used. */
export function variants(rows: number) {
  return Object.entries(nullPatterns).flatMap(([pattern, isNull]) =>
    [1_000_000, 5].map((distinct) => ({
      name: `${pattern} null, ${distinct === 5 ? 'repeated' : 'different'}`,
      cells: (value: (index: number) => Cell) =>
        Array.from({ length: rows }, (_, row) => (isNull(row, rows) ? null : value(row % distinct))),
    })),
  );
}
