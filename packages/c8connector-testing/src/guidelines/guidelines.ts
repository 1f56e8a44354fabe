import type { Guideline, Rule } from './guideline.ts';
import { configRules } from './rules/config-rules.ts';
import { dependencyRules } from './rules/dependency-rules.ts';
import { docsRules } from './rules/docs-rules.ts';
import { layoutRules } from './rules/layout-rules.ts';
import { manifestRules } from './rules/manifest-rules.ts';
import { moduleRules } from './rules/module-rules.ts';
import { nameRules } from './rules/name-rules.ts';
import { programRules } from './rules/program-rules.ts';
import { sourceRules } from './rules/source-rules.ts';

/** All rules, in the order in which findings are reported. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...layoutRules,
  ...manifestRules,
  ...dependencyRules,
  ...programRules,
  ...sourceRules,
  ...moduleRules,
  ...configRules,
  ...docsRules,
];

/** The rules that the package of every connector must follow, for docs, in the order in which `checkGuidelines` checks them. */
export const guidelines: readonly Guideline[] = rules.map(({ id, title, why }) => ({ id, title, why }));
