/** A moment with all digits of its second. */
interface Moment {
  /** Since 1970, without the fraction of the second. */
  readonly milliseconds: number;
  /** The digits of the fraction as they stand; '' when there are none. */
  readonly fraction: string;
}

/** Whether a text is a date or a time in the form of ISO 8601. */
export function isMoment(text: string): boolean {
  return momentOf(text) !== undefined;
}

/** Compares two dates or times in the form of ISO 8601, whatever their zones; without a zone they count as UTC. Undefined when one of them is none. */
export function compareMoments(one: string, other: string): number | undefined {
  const [a, b] = [momentOf(one), momentOf(other)];
  if (a === undefined || b === undefined) return undefined;
  if (a.milliseconds !== b.milliseconds) return a.milliseconds - b.milliseconds;
  // '5' and '50' are the same fraction.
  const length = Math.max(a.fraction.length, b.fraction.length);
  const [left, right] = [a.fraction.padEnd(length, '0'), b.fraction.padEnd(length, '0')];
  return left < right ? -1 : Number(left > right);
}

/** So many seconds earlier, in UTC and in the form of ISO 8601, with the digits of its second; without a zone when it had none. The text itself when it is no moment. */
export function minusSeconds(text: string, seconds: number): string {
  const moment = momentOf(text);
  if (moment === undefined || seconds === 0) return text;
  const whole = new Date(moment.milliseconds - seconds * 1000).toISOString().slice(0, -5);
  const fraction = moment.fraction === '' ? '' : `.${moment.fraction}`;
  return `${whole}${fraction}${/(Z|[+-]\d\d(?::?\d\d)?)$/i.test(text.slice(10)) ? 'Z' : ''}`;
}

function momentOf(text: string): Moment | undefined {
  const [, day, time = '00:00:00', fraction = '', zone] =
    /^([+-]?\d{4,6}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(text) ?? [];
  if (day === undefined) return undefined;
  const milliseconds = Date.parse(`${day}T${time}${offsetOf(zone)}`);
  return Number.isNaN(milliseconds) ? undefined : { milliseconds, fraction };
}

function offsetOf(zone = 'Z'): string {
  return zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}
