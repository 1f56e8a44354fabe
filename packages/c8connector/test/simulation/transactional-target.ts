import { ConnectorError, defineTarget, type State, type TargetConnector } from '../../src/index.ts';
import type { Host } from './host.ts';
import { type ReadablePlace, type StoredRow, storedRows } from './place.ts';
import { placeConfig, type SimulatedTarget, type TargetOptions } from './target.ts';

/** What a unit has committed last, and the epoch of whoever may commit next. */
interface UnitRow {
  readonly fence: number;
  readonly generation?: number;
  readonly state?: State;
}

/** A database that holds the rows of one connection alone. */
interface DatabasePlace extends ReadablePlace {
  rows: readonly StoredRow[];
  readonly active: Map<string, number>;
  readonly units: Map<string, UnitRow>;
}

/** What waits for the next commit. */
interface Transaction {
  rows: StoredRow[];
  activations: Map<string, number>;
}

/** A target that stores rows, state and activations in one transaction, under a fence for each unit. */
export function transactionalTarget({ effects: { effect }, flush, onActivated }: TargetOptions): SimulatedTarget {
  const places = new Map<string, DatabasePlace>();
  const placeOf = (name: string): DatabasePlace => {
    const place = places.get(name) ?? newPlace([], new Map(), new Map());
    places.set(name, place);
    return place;
  };

  function commit(place: DatabasePlace, { rows, activations }: Transaction): void {
    place.rows = [...place.rows, ...rows];
    for (const [stream, version] of activations) {
      if (version <= place.activeVersion(stream)) continue;
      place.active.set(stream, version);
      onActivated(place, stream, version);
    }
  }

  function connect(host: Host): TargetConnector {
    return new (defineTarget({
      package: { name: 'c8-target-transactional', version: '1.0.0' },
      name: 'Transactional',
      description: 'Stores rows and state in one transaction.',
      config: placeConfig,
      accepts: () => ({ flush }),
      recover: ({ config, run: { unit, epoch, generation } }) =>
        effect(host, `recover ${unit}`, () => {
          const { units } = placeOf(config.place);
          const before = units.get(unit);
          if (before !== undefined && before.fence > epoch) throw fenced(unit);
          units.set(unit, { ...before, fence: epoch });
          return before?.generation === generation ? before.state : undefined;
        }),
      async *write(messages, { config, run: { unit, epoch, generation } }) {
        const place = placeOf(config.place);
        const open: Transaction = { rows: [], activations: new Map() };
        let sequence = 0;
        for await (const message of messages) {
          if (message.type === 'RECORDS') {
            await effect(host, `insert ${unit}`, () => open.rows.push(...storedRows(message, epoch, sequence)));
            sequence += message.count;
          } else if (message.type === 'ACTIVATE_VERSION') open.activations.set(message.stream, message.version);
          else if (message.type === 'FLUSH') {
            if (message.isCheckpoint && message.state !== undefined) {
              const { state } = message;
              await effect(host, `commit ${unit}`, () => {
                if (place.units.get(unit)?.fence !== epoch) throw fenced(unit);
                place.units.set(unit, { fence: epoch, generation, state });
                commit(place, open);
                Object.assign(open, { rows: [], activations: new Map() });
              });
            }
            yield message.state;
          }
        }
      },
    }))();
  }

  return {
    connect,
    place: placeOf,
    movePlace(from, to) {
      const { rows, active, units } = placeOf(from);
      places.set(to, newPlace(rows, new Map(active), new Map(units)));
    },
    committedState: (place) => (unit, generation) => {
      const row = placeOf(place).units.get(unit);
      return row?.generation === generation ? row.state : undefined;
    },
  };
}

function fenced(unit: string): ConnectorError {
  return new ConnectorError(`unit '${unit}' belongs to another host now`, { code: 'claim_lost' });
}

function newPlace(rows: readonly StoredRow[], active: Map<string, number>, units: Map<string, UnitRow>): DatabasePlace {
  return {
    rows,
    active,
    units,
    rowsOf(stream) {
      return this.rows.filter((row) => row.stream === stream);
    },
    activeVersion: (stream) => active.get(stream) ?? 0,
    missing: () => [],
  };
}
