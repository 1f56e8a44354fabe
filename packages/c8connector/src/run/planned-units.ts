import type { ConnectionState, Unit } from '../interface/progress.ts';
import type { OpenStream } from '../interface/source-session.ts';
import type { PlannedUnit } from './events.ts';
import { streamUnits } from './plan.ts';

/** The units that can be worked on when a run begins: each unit once, with all its streams. */
export function plannedUnits(streams: readonly OpenStream[], state: ConnectionState, run: string): PlannedUnit[] {
  const units = new Map<string, { readonly kind: Unit['kind']; readonly streams: string[] }>();
  for (const unit of streams.flatMap((stream) => streamUnits(stream, state, run))) {
    const known = units.get(unit.id);
    if (known === undefined) units.set(unit.id, { kind: unit.kind, streams: [...unit.streams] });
    else known.streams.push(...unit.streams);
  }
  return [...units].map(([unit, rest]) => ({ unit, ...rest }));
}
