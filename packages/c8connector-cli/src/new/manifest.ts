import { ConfigError } from 'c8connector';
import type { ConnectorNames } from './names.ts';

export type Versions = Readonly<Record<string, string>>;

/** The parts of package.json that are changed in a copy; the others are kept. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly [key: string]: unknown;
}

const rooms = ['dependencies', 'optionalDependencies', 'peerDependencies', 'devDependencies'] as const;

/** package.json of a copy, from a text with the new names: the first version of a new package, which may be published. */
export function newManifest(text: string, names: ConnectorNames): Manifest {
  const {
    private: _,
    allowScripts: _scripts,
    repository: _repository,
    homepage: _homepage,
    bugs: _bugs,
    ...rest
  } = JSON.parse(text);
  // A copy is built by the compiler alone.
  const { rolldown: _bundler, ...devDependencies } = rest.devDependencies ?? {};
  return { ...rest, devDependencies, name: names.packageName, version: '0.1.0' };
}

/** The manifest with `specOf(name, spec)` for every dependency. */
export function withSpecs(manifest: Manifest, specOf: (name: string, spec: string) => string): Manifest {
  const changed = rooms.flatMap((room) => {
    const versions = manifest[room] as Versions | undefined;
    if (versions === undefined) return [];
    return [[room, Object.fromEntries(Object.entries(versions).map(([name, spec]) => [name, specOf(name, spec)]))]];
  });
  return { ...manifest, ...Object.fromEntries(changed) };
}

/** Names of the dependencies whose spec begins with a prefix. */
export function dependenciesWith(manifest: Manifest, prefix: string): string[] {
  return rooms.flatMap((room) =>
    Object.entries((manifest[room] ?? {}) as Versions)
      .filter(([, spec]) => spec.startsWith(prefix))
      .map(([name]) => name),
  );
}

/** The version that a catalog has for a package. Throws a ConfigError when it has none. */
export function fromCatalog(name: string, catalog: Versions): string {
  const version = Object.hasOwn(catalog, name) ? catalog[name] : undefined;
  if (version !== undefined) return version;
  throw new ConfigError(`the version of ${name} is unknown: it is 'catalog:' in package.json, and no catalog has it`, {
    code: 'connector_unknown',
    remedy: 'Copy the connector inside its workspace.',
    details: { package: name },
  });
}
