/** A moment in time, with all digits of its fraction of a second. */
export interface Moment {
  /** Milliseconds since 1970, without the fraction of the second. */
  readonly milliseconds: number;
  /** The digits of the fraction, unchanged; '' when there are none. */
  readonly fraction: string;
  /** Whether the text has a time with a zone; without one it counts as UTC. */
  readonly hasZone: boolean;
}

/** The moment of a text in the form of ISO 8601, in any zone; undefined for any other text. */
export function momentOf(text: string): Moment | undefined {
  const [, day, time = '00:00:00', fraction = '', zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(text) ?? [];
  if (day === undefined) return undefined;
  const milliseconds = Date.parse(`${day}T${time}${offsetOf(zone)}`);
  return Number.isNaN(milliseconds) ? undefined : { milliseconds, fraction, hasZone: zone !== undefined };
}

function offsetOf(zone = 'Z'): string {
  return zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}
