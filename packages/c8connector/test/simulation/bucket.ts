import type { State } from '../../src/index.ts';
import type { ReadablePlace, StoredRow } from './place.ts';

/** An object, with what its name says. */
interface StoredObject {
  readonly key: string;
  readonly connection: string;
  readonly unit: string;
  readonly epoch: number;
  readonly rows: readonly StoredRow[];
}

/** What one commit of a unit made count. A marker has no objects: it only ends what older epochs may write. */
export interface Manifest {
  readonly epoch: number;
  readonly sequence: number;
  readonly generation: number;
  readonly objects: readonly string[];
  readonly activations: readonly (readonly [stream: string, version: number])[];
  readonly state?: State | undefined;
}

/** A bucket: objects, and the chain of manifests of each unit. */
export interface Bucket extends ReadablePlace {
  readonly objects: Map<string, StoredObject>;
  /** By connection and unit. */
  readonly chains: Map<string, readonly Manifest[]>;
}

export function newBucket(objects: Bucket['objects'] = new Map(), chains: Bucket['chains'] = new Map()): Bucket {
  const manifests = (): readonly Manifest[] => [...chains.values()].flat();
  return {
    objects,
    chains,
    rowsOf: (stream) =>
      manifests()
        .flatMap((manifest) => manifest.objects)
        .flatMap((key) => objects.get(key)?.rows ?? [])
        .filter((row) => row.stream === stream),
    missing: () => manifests().flatMap((manifest) => manifest.objects.filter((key) => !objects.has(key))),
    activeVersion: (stream) =>
      Math.max(
        0,
        ...manifests().flatMap(({ activations }) =>
          activations.filter(([id]) => id === stream).map(([, version]) => version),
        ),
      ),
  };
}

/** The chain of a unit. */
export function chainOf(bucket: Bucket, chain: string): readonly Manifest[] {
  return bucket.chains.get(chain) ?? [];
}

/** Adds a manifest at `index`, if there is none yet. */
export function putIfAbsent(bucket: Bucket, chain: string, index: number, manifest: Manifest): boolean {
  const manifests = chainOf(bucket, chain);
  if (index !== manifests.length) return false;
  bucket.chains.set(chain, [...manifests, manifest]);
  return true;
}

/** The last state that a unit committed in a generation. */
export function stateOf(manifests: readonly Manifest[], generation: number): State | undefined {
  return manifests.findLast((manifest) => manifest.generation === generation)?.state;
}
