/** Whether a program printed what a page shows: but for times, and for lines that stand for any others (`…`). */
export function isSameOutput(shown: string, printed: string): boolean {
  const wanted = linesOf(shown);
  const given = linesOf(printed);
  return matches(wanted, given);
}

function matches(wanted: readonly string[], given: readonly string[]): boolean {
  const [first, ...rest] = wanted;
  if (first === undefined) return given.length === 0;
  if (first !== '…') return given[0] === first && matches(rest, given.slice(1));
  return Array.from({ length: given.length + 1 }, (_, skipped) => given.slice(skipped)).some((left) =>
    matches(rest, left),
  );
}

function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map(steady);
}

/** What differs from run to run, made the same: times, ids, and the widths of the columns that hold them. */
function steady(line: string): string {
  return line
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME')
    .replace(/\b\d{13}\b/g, 'TIME')
    .replace(/"_sdc_sequence":\d+/g, '"_sdc_sequence":0')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/\d+(?:\.\d+)? ?(?:ms|s)\b/g, 'DURATION')
    .replace(/[\d,.]+ (rows|kB|MB|B)\/s/g, 'RATE')
    .replace(/"pid":\d+/g, '"pid":0')
    .replace(/ {2,}/g, '  ')
    .replace(/[─]{2,}/g, '──')
    .trimEnd();
}
