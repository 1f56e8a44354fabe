import type { ConfigProperty } from 'c8connector';
import semver from 'semver';
import { incompatibilities } from '../compatibility/compatibility.ts';
import type { ParsedAbout } from './parsed-about.ts';

/** The reasons why something that works with the released connector may not work with the current one; [] when there are none. */
export async function incompatibleChanges(released: ParsedAbout, now: ParsedAbout): Promise<readonly string[]> {
  const changes = await changesOf(released.config, now.config, (name) => `property '${name}'`);
  for (const { name, input } of released.actions) {
    const action = now.actions.find((candidate) => candidate.name === name);
    if (action === undefined) changes.push(`action '${name}' is gone`);
    else changes.push(...(await changesOf(input, action.input, (each) => `input '${each}' of action '${name}'`)));
  }
  return changes;
}

async function changesOf(
  released: readonly ConfigProperty[],
  now: readonly ConfigProperty[],
  placeOf: (property: string) => string,
): Promise<string[]> {
  return (await incompatibilities(released, now)).map(({ property, problem }) => `${placeOf(property)}: ${problem}`);
}

/** Whether a version may contain breaking changes against an older one: a new major version, or a new minor one before 1.0. */
export function mayBreak(released: string, now: string): boolean {
  const [before, after] = [semver.parse(released), semver.parse(now)];
  if (before === null || after === null) return false;
  if (before.major === 0 && after.major === 0) return after.minor > before.minor;
  return after.major > before.major;
}
