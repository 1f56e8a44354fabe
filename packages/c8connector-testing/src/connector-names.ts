import type { ConnectorType } from 'c8connector';

/** The names that are derived from the name of a package. */
export interface ConnectorNames {
  /** As in package.json: `@acme/c8-source-x`. */
  readonly packageName: string;
  readonly type: ConnectorType;
  /** The name without its scope, which is the name of the program: `c8-source-x`. */
  readonly program: string;
  /** `c8_source_x` */
  readonly moduleFolder: string;
}

const pattern = /^(?:@[a-z0-9._-]+\/)?(c8-(source|target|integration)-[a-z0-9][a-z0-9._-]*)$/;

/** Undefined when a package is not named like a connector. */
export function connectorNames(packageName: unknown): ConnectorNames | undefined {
  if (typeof packageName !== 'string') return undefined;
  const [, program, type] = pattern.exec(packageName) ?? [];
  if (program === undefined || type === undefined) return undefined;
  return { packageName, type: type as ConnectorType, program, moduleFolder: program.replace(/[-.]/g, '_') };
}
