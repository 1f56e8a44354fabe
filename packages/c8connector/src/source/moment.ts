import { secondsText } from '../jsonl/moments/calendar.ts';
import { type Moment, newMoment } from '../jsonl/moments/moment.ts';
import { readMoment } from '../jsonl/moments/read-moment.ts';

/** Whether a text is a date or a date-time that can be ordered, in whatever year. */
export function isMoment(text: string): boolean {
  return momentOf(text) !== undefined;
}

/** Compares two dates or date-times, whatever their zones; without a zone they count as UTC. Undefined when one of them is not one. */
export function compareMoments(one: string, other: string): number | undefined {
  const [a, b] = [momentOf(one), momentOf(other)];
  if (a === undefined || b === undefined) return undefined;
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  if (a.microseconds !== b.microseconds) return a.microseconds - b.microseconds;
  // '5' and '50' are the same fraction.
  const [left, right] = [fractionOf(one, a), fractionOf(other, b)];
  const length = Math.max(left.length, right.length);
  const [padded, otherPadded] = [left.padEnd(length, '0'), right.padEnd(length, '0')];
  return padded < otherPadded ? -1 : Number(padded > otherPadded);
}

/** The moment this many seconds earlier, as ISO 8601 in UTC, with the same fraction of a second; without a zone when it had none. The text itself when it is not a moment. */
export function minusSeconds(text: string, seconds: number): string {
  const moment = momentOf(text);
  if (moment === undefined || seconds === 0) return text;
  const fraction = fractionOf(text, moment);
  return `${secondsText(moment.seconds - seconds)}${fraction === '' ? '' : `.${fraction}`}${moment.hasZone ? 'Z' : ''}`;
}

function momentOf(text: string): Moment | undefined {
  const bytes = Buffer.from(text);
  const moment = newMoment();
  readMoment(bytes, 0, bytes.length, moment);
  // A moment that no column of times can hold can still be ordered.
  return moment.problem === 'form' || moment.problem === 'calendar' ? undefined : moment;
}

function fractionOf(text: string, { fractionStart, fractionEnd }: Moment): string {
  return text.slice(fractionStart, fractionEnd);
}
