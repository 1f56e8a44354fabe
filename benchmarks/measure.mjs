import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('measure.py', import.meta.url));

/** Runs one command, or several with `|` between them as a pipe. The figures come from the operating system. Throws its output if it fails. */
export async function measure(command, env = {}) {
  const child = spawn('python3', [script, ...command], { env: { ...process.env, ...env } });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  const figures = JSON.parse(text);
  if (figures.code !== 0) throw new Error(`${command.join(' ')} ended with ${figures.code}: ${figures.errors}`);
  return figures;
}

/** Runs several commands in turn, A B A B …, after this many rounds that do not count; returns the figures of each by name. */
export async function inTurn(rounds, contestants, uncounted = 1) {
  const figures = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < uncounted + rounds; round += 1) {
    for (const [name, once] of Object.entries(contestants)) {
      const result = await once();
      if (round >= uncounted) figures[name].push(result);
    }
  }
  return figures;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One line per contestant: medians of elapsed time, CPU and memory. */
export function table(figures) {
  for (const [name, runs] of Object.entries(figures)) {
    const of = (key) => median(runs.map(key));
    console.log(
      `  ${name.padEnd(34)} wall ${of((run) => run.wall).toFixed(2)} s   CPU ${of((run) => run.user + run.system).toFixed(2)} s   peak ${of((run) => run.peak).toFixed(0)} MB`,
    );
  }
}

/** The median of the ratios of each round, and as text also the smallest and the largest. Ratios per round, so that a machine that slows down affects both sides. */
export function ratio(figures, one, other, of = (run) => run.wall) {
  return spread(figures[one].map((run, round) => of(run) / of(figures[other][round])));
}

/** The same for the differences of elapsed time, in seconds. */
export function difference(figures, one, other) {
  return spread(figures[one].map((run, round) => run.wall - figures[other][round].wall));
}

function spread(values) {
  const text = `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
  return { median: median(values), text };
}

/** Prints a figure that must not exceed a limit; the bench ends with exit code 1 when one does. */
export function atMost(name, { median: value, text }, limit) {
  const isKept = value <= limit;
  console.log(`  ${name}: ${text}, at most ${limit}: ${isKept ? 'ok' : 'EXCEEDED'}`);
  if (!isKept) process.exitCode = 1;
}
