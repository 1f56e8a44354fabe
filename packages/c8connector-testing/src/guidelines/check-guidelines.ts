import { ConfigError, nearest } from 'c8connector';
import { openPackage } from './connector-package.ts';
import type { Breach, Rule } from './guideline.ts';
import { rules } from './guidelines.ts';

/** One guideline that a package does not follow. */
export interface GuidelineFinding extends Breach {
  /** Id of the guideline: `package-name`. */
  readonly rule: string;
}

/** Options of {@link checkGuidelines}. */
export interface CheckOptions {
  /** Ids of guidelines; all when left out. */
  readonly only?: readonly string[];
  /** Stops the build, and rejects. */
  readonly signal?: AbortSignal;
}

/**
 * Checks the package of a connector against the guidelines. Resolves with everything that it breaks, in a stable order; [] when there is nothing. Builds the sources with the package's
 * own TypeScript in a temporary folder directly below the package; `dist` is neither read nor written. Rejects with a ConfigError `call_invalid` when there
 * is not a package, when the folder cannot be written to, or when `only` names an unknown guideline.
 */
export async function checkGuidelines(
  folder: string,
  { only, signal }: CheckOptions = {},
): Promise<readonly GuidelineFinding[]> {
  const chosen = only === undefined ? rules : chosenRules(only);
  const connector = await openPackage(folder, signal);
  const findings: GuidelineFinding[] = [];
  for (const rule of chosen) {
    for (const breach of await rule.breaches(connector)) findings.push({ rule: rule.id, ...breach });
  }
  return findings;
}

function chosenRules(only: readonly string[]): readonly Rule[] {
  const ids = rules.map(({ id }) => id);
  const unknown = only.find((id) => !ids.includes(id));
  if (unknown === undefined) return rules.filter(({ id }) => only.includes(id));
  const close = nearest(unknown, ids);
  const hint = close === undefined ? '' : `; did you mean '${close}'?`;
  throw new ConfigError(`there is no guideline '${unknown}'${hint}`, {
    code: 'call_invalid',
    remedy: `The guidelines are ${ids.join(', ')}.`,
  });
}
