import { ConnectionError, parseValue, type State, stringifyValue } from 'c8connector';
import { connectionName, digits, ownFolder, segment, type Writer } from './object-name.ts';

/** An object that counts. */
export interface ManifestObject {
  /** Below the folder of the config, so that manifests stay true where the folder is copied to another place. */
  readonly key: string;
  readonly stream: string;
  /** 0 where the source gives none. */
  readonly version: number;
  readonly rows: number;
  readonly bytes: number;
  readonly etag: string;
  readonly crc32: string;
}

/** The dead letters of a stream in one flush, a row on each line. */
export type RejectedObject = Omit<ManifestObject, 'version'>;

/** A version that takes the place of all lower ones of its stream. */
export interface Activation {
  readonly stream: string;
  readonly version: number;
  /** The objects of lower versions are deleted. */
  readonly deletesOlder?: true;
}

/** What one commit of a unit makes count: each is an object that is written once, under the next number of the unit's chain. One without objects may only fence: no lower epoch commits behind it. */
export interface Manifest {
  readonly format: 1;
  readonly run: string;
  readonly unit: string;
  readonly epoch: number;
  /** How many checkpoints the writer had; 0 in a fence. */
  readonly sequence: number;
  readonly generation: number;
  /** ISO 8601 in UTC. */
  readonly committedAt: string;
  /** Takes the place of all manifests before it: `objects`, `rejected` and `activates` have theirs as well. */
  readonly isSummary?: true;
  readonly activates: readonly Activation[];
  /** The state of the last checkpoint of the unit in this generation; absent when there was none. */
  readonly state?: State | undefined;
  readonly objects: readonly ManifestObject[];
  /** Rows that were rejected. */
  readonly rejected: readonly RejectedObject[];
  /** For each epoch that has objects or dead letters in the manifests since the last summary, the sequence in the name of the last one. Within an epoch all up to that one count. */
  readonly named: readonly (readonly [epoch: number, sequence: number])[];
}

/** Where the manifests of a connection stand, below the folder of the config. */
export function manifestFolder(connection: string): string {
  return `${ownFolder}/${connectionName(connection)}/manifests/`;
}

/** Where the chain of a unit stands, below the folder of the config. */
export function chainFolder({ connection, unit }: Pick<Writer, 'connection' | 'unit'>): string {
  return `${manifestFolder(connection)}${segment(unit)}/`;
}

/** The name of a manifest within its chain. */
export function manifestName(number: number): string {
  return `${digits(number, 10)}.json`;
}

/** The number of a manifest by its name within its chain; undefined for what is none. */
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
      remedy: 'See what changed it. A manifest of a newer release needs that release.',
    });
  let value: Partial<Manifest> | null;
  try {
    value = parseValue(text) as Partial<Manifest> | null;
  } catch (error) {
    throw refuse('it is not JSON', error);
  }
  if (typeof value !== 'object' || value === null || typeof value.format !== 'number') throw refuse('it has no format');
  if (value.format !== 1) throw refuse(`its format is ${value.format}, and this release knows 1`);
  const { epoch, generation, objects, rejected = [], activates = [], named = [] } = value;
  if (typeof epoch !== 'number' || typeof generation !== 'number' || !Array.isArray(objects))
    throw refuse('its epoch, generation or objects are missing');
  return { ...(value as Manifest), activates, rejected, named };
}
