import { secondsText } from '../jsonl/moments/calendar.ts';
import { newMoment } from '../jsonl/moments/moment.ts';
import { readMoment } from '../jsonl/moments/read-moment.ts';

/** A moment as ISO 8601 in UTC with microseconds, as `time_extracted` is in messages; further digits are cut off. Undefined for a text that is not a moment with a zone. */
export function parseExtractedAt(text: string): string | undefined {
  const bytes = Buffer.from(text);
  const moment = newMoment();
  if (!readMoment(bytes, 0, bytes.length, moment) || !moment.hasZone) return undefined;
  return `${secondsText(moment.seconds)}.${String(moment.microseconds).padStart(6, '0')}Z`;
}

/** Now, in the same form. */
export function extractedNow(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
