import { parseConfig } from '../config/parse.ts';
import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import { configProperties } from '../config/property.ts';
import type { C8Connector, CallOptions, Capability, ConnectorType, ValidationReport } from '../interface/connector.ts';
import { ConnectorError } from '../interface/errors.ts';
import { type Log, silentLog } from '../interface/log.ts';
import type { ConfigProperty } from '../interface/property.ts';
import { type CheckStep, runChecks } from './check.ts';

/** The members of package.json that a definition needs. */
export interface Manifest {
  /** `c8-source-postgres`, scoped or not. */
  readonly name: string;
  readonly version: string;
  readonly description?: string;
}

/** What every definition has, whatever its type. */
export interface Definition<P extends ConfigDeclaration> {
  /** package.json: name, type and version of the connector come from it. */
  readonly package: Manifest;
  readonly name: string;
  readonly description: string;
  /** Data URI. */
  readonly logo?: string;
  readonly config: P;
  /** Yields the steps of `validate`; each is run before the next one is requested, and a failure ends the check. */
  check?(context: CheckContext<ConfigOf<P>>): AsyncIterable<CheckStep> | Iterable<CheckStep>;
}

/** What `check` receives. The config is valid: it was checked in a step before. */
export interface CheckContext<C> {
  readonly config: C;
  readonly signal: AbortSignal;
  readonly log: Log;
}

const packageNames = /^(?:@[a-z0-9._-]+\/)?c8-(source|target|integration)-[a-z0-9][a-z0-9._-]*$/;

/** The constant members of a connector, from its definition. Throws a ConnectorError when the package is not named like a connector of that type. */
export function connectorConstants<T extends ConnectorType>(
  definition: Definition<ConfigDeclaration>,
  type: T,
  capabilities: readonly Capability[],
): Pick<C8Connector, 'name' | 'packageName' | 'version' | 'description' | 'logo' | 'config' | 'capabilities'> & {
  readonly type: T;
} {
  const { name: packageName, version } = definition.package;
  if (packageNames.exec(packageName)?.[1] !== type) {
    throw new ConnectorError(`package name '${packageName}' must be c8-${type}-… for a ${type}`, {
      code: 'contract_broken',
    });
  }
  return {
    name: definition.name,
    packageName,
    version,
    type,
    description: definition.description,
    logo: definition.logo ?? '',
    config: configProperties(definition.config),
    capabilities,
  };
}

/** The constant members as a class, for the three kinds to extend. */
export function connectorBase<T extends ConnectorType>(constants: ReturnType<typeof connectorConstants<T>>) {
  return class {
    readonly name = constants.name;
    readonly packageName = constants.packageName;
    readonly version = constants.version;
    readonly type = constants.type;
    readonly description = constants.description;
    readonly logo = constants.logo;
    readonly config = constants.config;
    readonly capabilities = constants.capabilities;
  };
}

/** Parses a raw config and logs its warnings. */
export function parsed<P extends ConfigDeclaration>(
  properties: readonly ConfigProperty[],
  raw: unknown,
  log: Log,
): ConfigOf<P> {
  const { config, warnings } = parseConfig(properties, raw);
  for (const warning of warnings) log.warn(warning.message, { property: warning.property });
  return config as ConfigOf<P>;
}

/** `validate` of a definition: the config is the first step, the author's own follow. */
export async function validateDefinition<P extends ConfigDeclaration>(
  definition: Definition<P>,
  constants: Pick<C8Connector, 'config' | 'packageName'>,
  raw: unknown,
  options: CallOptions,
): Promise<ValidationReport> {
  const log = options.log ?? silentLog;
  const signal = options.signal ?? new AbortController().signal;
  async function* steps(): AsyncGenerator<CheckStep> {
    let config: ConfigOf<P> | undefined;
    yield {
      id: 'config',
      label: 'Config',
      run: () => {
        const result = parseConfig(constants.config, raw);
        config = result.config as ConfigOf<P>;
        const [first] = result.warnings;
        if (first === undefined) return 'All properties are valid.';
        return { status: 'warning', message: result.warnings.map((warning) => warning.message).join('; ') };
      },
    };
    if (config !== undefined && definition.check !== undefined) yield* definition.check({ config, signal, log });
  }
  return await runChecks(constants.packageName, steps(), options);
}
