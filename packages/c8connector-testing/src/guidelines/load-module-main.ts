/** The process that load-module.ts starts: imports the module at the given path, and sends its exports. */
import { pathToFileURL } from 'node:url';
import { about, isC8Connector, stringifyValue } from 'c8connector';
import type { Exported, Loaded } from './load-module.ts';

const send = process.send?.bind(process);
// The module must not send messages in our place.
delete process.send;
const answer = await read(process.argv[2] ?? '');
send?.(answer, () => process.exit());

async function read(path: string): Promise<Omit<Loaded, 'printed'>> {
  try {
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href);
    const seen = new Set<unknown>();
    const entries = Object.entries(module).filter(([, value]) => !seen.has(value) && seen.add(value));
    return { exports: entries.map(([name, value]) => describe(name, value)) };
  } catch (error) {
    return { exports: [], problem: textOf(error) };
  }
}

function describe(name: string, value: unknown): Exported {
  if (!isClass(value)) return { name, kind: 'other' };
  const parameters = value.length;
  try {
    const instance = new value();
    if (!isC8Connector(instance)) return { name, kind: 'class', parameters };
    return { name, kind: 'connector', parameters, about: stringifyValue(about(instance), 2) };
  } catch (error) {
    return { name, kind: 'class', parameters, problem: textOf(error) };
  }
}

/** Only functions written as a class: others would run when they are called. */
function isClass(value: unknown): value is new () => unknown {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.split('\n')[0] ?? '';
}
