import { ConnectorError, defineTarget, type RunIdentity, type TargetConnector } from '../../src/index.ts';
import { type Bucket, chainOf, type Manifest, newBucket, putIfAbsent, stateOf } from './bucket.ts';
import type { Effects } from './effects.ts';
import type { Host } from './host.ts';
import { type StoredRow, storedRows } from './place.ts';
import { placeConfig, type SimulatedTarget, type TargetOptions } from './target.ts';

/** A target that puts objects, and makes them count with manifests: a chain for each unit, which is fenced by a marker. */
export function objectTarget(options: TargetOptions): SimulatedTarget {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (name: string): Bucket => {
    const bucket = buckets.get(name) ?? newBucket();
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    place: bucketOf,
    movePlace(from, to) {
      const { objects, chains } = bucketOf(from);
      buckets.set(to, newBucket(new Map(objects), new Map(chains)));
    },
    committedState: (place, connection) => (unit, generation) =>
      stateOf(chainOf(bucketOf(place), `${connection}/${unit}`), generation),
    connect: (host) => connect(host, options, bucketOf),
  };
}

function connect(
  host: Host,
  { effects, flush, onActivated }: TargetOptions,
  bucketOf: (name: string) => Bucket,
): TargetConnector {
  return new (defineTarget({
    package: { name: 'c8-target-objects', version: '1.0.0' },
    name: 'Objects',
    description: 'Puts objects.',
    config: placeConfig,
    accepts: () => ({ flush }),
    async recover({ config, run }) {
      return await recover(bucketOf(config.place), host, effects, run);
    },
    async *write(messages, { config, run }) {
      const bucket = bucketOf(config.place);
      const chain = `${run.connection}/${run.unit}`;
      const before = await effects.effect(host, `list ${run.unit}`, () => chainOf(bucket, chain));
      if (isTaken(before, run)) throw taken(run);
      let index = before.length;
      let sequence = 0;
      let rowCount = 0;
      let held: StoredRow[] = [];
      let pending: { objects: string[]; activations: (readonly [string, number])[] } = { objects: [], activations: [] };
      for await (const message of messages) {
        if (message.type === 'RECORDS') {
          held.push(...storedRows(message, run.epoch, rowCount));
          rowCount += message.count;
        }
        if (message.type === 'ACTIVATE_VERSION') pending.activations.push([message.stream, message.version]);
        if (message.type !== 'FLUSH') continue;
        if (held.length > 0) {
          const rows = held;
          const key = `${rows[0]?.stream}/${rows[0]?.version}-${run.epoch}-${sequence}-${chain}`;
          await effects.effect(host, `put ${run.unit}`, () => bucket.objects.set(key, { key, ...run, rows }));
          pending.objects.push(key);
          held = [];
        }
        sequence += 1;
        if (message.isCheckpoint) {
          const manifest: Manifest = { ...run, sequence, ...pending, state: message.state };
          await effects.effect(host, `manifest ${run.unit}`, () => {
            if (!putIfAbsent(bucket, chain, index, manifest)) throw taken(run);
            for (const [stream, version] of manifest.activations)
              if (version === bucket.activeVersion(stream)) onActivated(bucket, stream, version);
          });
          index += 1;
          pending = { objects: [], activations: [] };
        }
        yield message.state;
      }
    },
  }))();
}

/** Fences first, then sweeps. */
async function recover(bucket: Bucket, host: Host, { effect }: Effects, run: RunIdentity): Promise<Manifest['state']> {
  const { connection, unit, epoch, generation } = run;
  const chain = `${connection}/${unit}`;
  for (let isFenced = false; !isFenced; ) {
    const manifests = await effect(host, `list ${unit}`, () => chainOf(bucket, chain));
    if (isTaken(manifests, run)) throw taken(run);
    const state = stateOf(manifests, generation);
    const marker: Manifest = { epoch, sequence: 0, generation, objects: [], activations: [], state };
    isFenced = await effect(host, `marker ${unit}`, () => putIfAbsent(bucket, chain, manifests.length, marker));
  }
  const manifests = await effect(host, `list ${unit}`, () => chainOf(bucket, chain));
  if (isTaken(manifests, run)) throw taken(run);
  const named = new Set(manifests.flatMap(({ objects }) => objects));
  const objects = await effect(host, `objects ${unit}`, () => [...bucket.objects.values()]);
  const unnamed = objects.filter(
    (one) => one.connection === connection && one.unit === unit && one.epoch < epoch && !named.has(one.key),
  );
  for (const { key } of unnamed) await effect(host, `delete ${unit}`, () => bucket.objects.delete(key));
  return stateOf(manifests, generation);
}

function isTaken(manifests: readonly Manifest[], { epoch }: RunIdentity): boolean {
  return manifests.some((manifest) => manifest.epoch > epoch);
}

function taken({ unit }: RunIdentity): ConnectorError {
  return new ConnectorError(`unit '${unit}' belongs to another host now`, { code: 'claim_lost' });
}
