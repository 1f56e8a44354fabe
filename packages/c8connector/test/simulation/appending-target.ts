import { defineTarget, type TargetConnector } from '../../src/index.ts';
import type { Effects } from './effects.ts';
import type { Host } from './host.ts';
import { type ReadablePlace, type StoredRow, storedRows } from './place.ts';
import { placeConfig, type SimulatedTarget, type TargetOptions } from './target.ts';

interface AppendingPlace extends ReadablePlace {
  rows: readonly StoredRow[];
  readonly active: Map<string, number>;
}

/** A simple target: appends rows at each FLUSH, whether it is a checkpoint or not, and cannot take anything back. */
export function appendingTarget({ effects, flush, onActivated }: TargetOptions): SimulatedTarget {
  const places = new Map<string, AppendingPlace>();
  const placeOf = (name: string): AppendingPlace => {
    const place = places.get(name) ?? newPlace();
    places.set(name, place);
    return place;
  };
  return {
    place: placeOf,
    movePlace(from, to) {
      const { rows, active } = placeOf(from);
      places.set(to, newPlace(rows, new Map(active)));
    },
    connect: (host) => connect(host, effects),
  };

  function connect(host: Host, { effect }: Effects): TargetConnector {
    return new (defineTarget({
      package: { name: 'c8-target-appending', version: '1.0.0' },
      name: 'Appending',
      description: 'Appends.',
      config: placeConfig,
      accepts: () => ({ flush }),
      async *write(messages, { config, run: { epoch } }) {
        const place = placeOf(config.place);
        let held: StoredRow[] = [];
        let sequence = 0;
        const append = (rows: readonly StoredRow[]) =>
          effect(host, 'append', () => {
            place.rows = [...place.rows, ...rows];
          });
        for await (const message of messages) {
          if (message.type === 'RECORDS') {
            held = [...held, ...storedRows(message, epoch, sequence)];
            sequence += message.count;
          } else if (message.type === 'ACTIVATE_VERSION') {
            await effect(host, 'activate', () => {
              if (message.version <= place.activeVersion(message.stream)) return;
              place.active.set(message.stream, message.version);
              onActivated(place, message.stream, message.version);
            });
          } else if (message.type === 'FLUSH') {
            // Half of it may stand there when the host dies.
            const half = Math.ceil(held.length / 2);
            await append(held.slice(0, half));
            if (half < held.length) await append(held.slice(half));
            held = [];
            yield message.state;
          }
        }
      },
    }))();
  }
}

function newPlace(rows: readonly StoredRow[] = [], active = new Map<string, number>()): AppendingPlace {
  return {
    rows,
    active,
    rowsOf(stream) {
      return this.rows.filter((row) => row.stream === stream);
    },
    activeVersion: (stream) => active.get(stream) ?? 0,
    missing: () => [],
  };
}
