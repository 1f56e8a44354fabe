import { ConfigError, nearest } from 'c8connector';
import { openPackage } from './connector-package.ts';
import type { Breach, Rule } from './guideline.ts';
import { rules } from './guidelines.ts';

/** One rule that a package does not keep. */
export interface GuidelineFinding extends Breach {
  /** Id of the guideline: `package-name`. */
  readonly rule: string;
}

/** Which guidelines a package is checked against, and when to give up. */
export interface CheckOptions {
  /** Ids of guidelines; all when left out. */
  readonly only?: readonly string[];
  /** Ends the build that is under way, and rejects. */
  readonly signal?: AbortSignal;
}

/**
 * Checks the package of a connector against the guidelines. Resolves with everything that it breaks in a stable order, [] when nothing. Builds the sources with the package's
 * own TypeScript in a folder directly below the package, which it removes again; `dist` is neither read nor written. Rejects with a ConfigError `call_invalid` when there
 * is not a package, when nothing can be written there, or when `only` names no guideline.
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
