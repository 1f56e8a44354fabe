import type { ValueSchema } from 'c8connector';

/** The schema of a decimal. A `multipleOf` that a double cannot hold is left out, since it would be read as zero or infinity. */
export function decimalSchema(precision: number, scale: number): ValueSchema & { readonly type: readonly string[] } {
  const step = Number(`1e${-scale}`);
  const isStep = step > 0 && Number.isFinite(step);
  return { type: ['number'], ...(isStep && { multipleOf: step }), 'x-c8-type': `numeric(${precision},${scale})` };
}
