import semver from 'semver';
import { incompatibilities } from '../compatibility/compatibility.ts';
import type { ParsedAbout } from './parsed-about.ts';

/** Why what worked with a released connector may not work with the connector as it is now; [] when nothing. */
export function incompatibleChanges(released: ParsedAbout, now: ParsedAbout): readonly string[] {
  const config = incompatibilities(released.config, now.config).map(
    ({ property, problem }) => `property '${property}': ${problem}`,
  );
  const actions = released.actions.flatMap(({ name, input }) => {
    const action = now.actions.find((candidate) => candidate.name === name);
    if (action === undefined) return [`action '${name}' is gone`];
    return incompatibilities(input, action.input).map(
      ({ property, problem }) => `input '${property}' of action '${name}': ${problem}`,
    );
  });
  return [...config, ...actions];
}

/** Whether a version may break what worked with an older one: a new major, or before 1.0 a new minor. */
export function mayBreak(released: string, now: string): boolean {
  const [before, after] = [semver.parse(released), semver.parse(now)];
  if (before === null || after === null) return false;
  if (before.major === 0 && after.major === 0) return after.minor > before.minor;
  return after.major > before.major;
}
