import type { ConnectorPackage } from './connector-package.ts';

/** A rule that the package of every connector must follow, as the docs list it. */
export interface Guideline {
  /** Stable, in kebab case: `package-name`. */
  readonly id: string;
  readonly title: string;
  /** Who is helped by it, and what goes wrong without it. */
  readonly why: string;
}

/** A place where a package does not follow a rule. */
export interface Breach {
  /** Relative to the folder of the package, with `/`. */
  readonly file: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/**
 * A guideline with its check. The check does not report what it cannot judge because another rule is broken: for example, whether `bin` has the name of a package
 * that has none.
 */
export interface Rule extends Guideline {
  breaches(connector: ConnectorPackage): Promise<readonly Breach[]> | readonly Breach[];
}
