import { ConnectionError, parseValue, type State, stringifyValue } from 'c8connector';
import { connectionName, digits, ownFolder, segment, type Writer } from './object-name.ts';

/** A committed object. */
export interface ManifestObject {
  /** The key below the folder of the config, so that manifests remain valid if the folder is copied elsewhere. */
  readonly key: string;
  readonly stream: string;
  /** 0 if the source has none. */
  readonly version: number;
  readonly rows: number;
  readonly bytes: number;
  readonly etag: string;
  readonly crc32: string;
}

/** The dead letters of a stream in one flush, one row per line. */
export type RejectedObject = Omit<ManifestObject, 'version'>;

/** A version that replaces all lower ones of its stream. */
export interface Activation {
  readonly stream: string;
  readonly version: number;
  /** Whether the objects of lower versions are deleted. */
  readonly deletesOlder?: true;
}

/** What commits added. */
export interface Contents {
  readonly activates: readonly Activation[];
  readonly objects: readonly ManifestObject[];
  /** The dead letters. */
  readonly rejected: readonly RejectedObject[];
}

/** One commit of a unit: an object that is written once, under the next number of the unit's chain. A manifest without objects may be only a fence, after which no lower epoch can commit. */
export interface Manifest extends Contents {
  readonly format: 1;
  readonly run: string;
  readonly unit: string;
  readonly epoch: number;
  /** The number of this commit among those of its writer; 0 in a fence. */
  readonly sequence: number;
  readonly generation: number;
  /** ISO 8601 in UTC. */
  readonly committedAt: string;
  /** Replaces all manifests before it: `objects`, `rejected` and `activates` include theirs. */
  readonly isSummary?: true;
  /** In every 50th manifest that is not a summary: what all manifests since the last summary added, itself included, so that a reader needs none of those before it. */
  readonly sinceSummary?: Contents;
  /** The state of the unit's last checkpoint in this generation; absent if there was none. */
  readonly state?: State | undefined;
  /** For each epoch with objects or dead letters in the manifests since the last summary, the highest sequence in their names. Within an epoch, all up to that sequence are committed. */
  readonly named: readonly (readonly [epoch: number, sequence: number])[];
}

/** The folder of a connection's manifests, below that of the config. */
export function manifestFolder(connection: string): string {
  return `${ownFolder}/${connectionName(connection)}/manifests/`;
}

/** The folder of a unit's chain, below that of the config. */
export function chainFolder({ connection, unit }: Pick<Writer, 'connection' | 'unit'>): string {
  return `${manifestFolder(connection)}${segment(unit)}/`;
}

/** The name of a manifest within its chain. */
export function manifestName(number: number): string {
  return `${digits(number, 10)}.json`;
}

/** The number of a manifest, by its name within its chain; undefined if the name is not that of a manifest. */
export function manifestNumber(name: string): number | undefined {
  return /^\d{10,}\.json$/.test(name) ? Number(name.slice(0, -'.json'.length)) : undefined;
}

export function manifestText(manifest: Manifest): string {
  return `${stringifyValue(manifest)}\n`;
}

/** Throws a ConnectionError `manifest_unreadable` for anything that is not the text of a manifest of this format. */
export function readManifest(text: string, key: string): Manifest {
  const refuse = (why: string, cause?: unknown) =>
    new ConnectionError(`The manifest ${key} cannot be read: ${why}.`, {
      code: 'manifest_unreadable',
      cause,
      remedy: 'Find out what changed it. A manifest of a newer release needs that release.',
    });
  let value: Partial<Manifest> | null;
  try {
    value = parseValue(text) as Partial<Manifest> | null;
  } catch (error) {
    throw refuse('it is not JSON', error);
  }
  if (typeof value !== 'object' || value === null || typeof value.format !== 'number') throw refuse('it has no format');
  if (value.format !== 1) throw refuse(`its format is ${value.format}, but this release only knows 1`);
  const { epoch, generation, objects, rejected = [], activates = [], named = [] } = value;
  if (typeof epoch !== 'number' || typeof generation !== 'number' || !Array.isArray(objects))
    throw refuse('its epoch, generation or objects are missing');
  return { ...(value as Manifest), activates, rejected, named };
}
