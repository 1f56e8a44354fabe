import { basename } from 'node:path';
import { ConfigError } from 'c8connector';
import type { SingerContext } from './context.ts';

/** The type of the program according to its name, without interpreters in front of a script. Undefined if the name does not show it. */
export function typeOfCommand(command: readonly string[]): 'tap' | 'target' | undefined {
  for (const word of command) {
    // After the first flag of Singer come names of files, which may contain anything.
    if (/^(?:--|-[cspd]$)/.test(word)) return undefined;
    const name = basename(word).replaceAll('_', '-');
    if (/^(.+-)?tap-|^c8-source-/.test(name)) return 'tap';
    if (/^(.+-)?target-|^c8-target-/.test(name)) return 'target';
  }
  return undefined;
}

/** The type of the program according to its --about. Throws a ConfigError `call_invalid` if it does not show it. */
export async function typeByAbout(context: SingerContext): Promise<'tap' | 'target'> {
  const { stdout } = await context.run(['--about', '--format', 'json'], { limit: 30 });
  const about = parsed(stdout);
  if (about.type === 'source' || capabilities(about).includes('discover')) return 'tap';
  if (about.type === 'target' || capabilities(about).includes('target-schema')) return 'target';
  throw new ConfigError(
    '--singer: neither the name nor --about of the program shows whether it is a tap or a target.',
    {
      code: 'call_invalid',
      remedy: 'Say it with --type tap or --type target.',
    },
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function capabilities({ capabilities: found }: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Array.isArray(found) ? found : [];
}
