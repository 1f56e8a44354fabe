/** The characters of an atom, of which the part of an address before the @ is made, joined by dots; RFC 5322, section 3.2.3. */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domainLabel = /^[a-z0-9]+(?:-+[a-z0-9]+)*$/i;
const time = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:z|([+-])(\d\d)(?::?(\d\d))?)$/i;

/** Whether a text is what JSON Schema calls an `email`: a host with at least one dot, and no quoted part. */
export function isEmail(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@');
  const labels = domain.split('.');
  return (
    more.length === 0 && localPart.test(local) && labels.length > 1 && labels.every((label) => domainLabel.test(label))
  );
}

/** Whether a text is a `date` of JSON Schema: a day of the calendar such as 2024-02-29. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  // Date accepts 31 February, and counts on into March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Whether a text is a `date-time` of JSON Schema: a date, `T` or white space, and a time with its zone. */
export function isDateTime(text: string): boolean {
  const [date = '', timeOfDay = '', ...more] = text.split(/t|\s/i);
  return more.length === 0 && isDate(date) && isTime(timeOfDay);
}

function isTime(text: string): boolean {
  const found = time.exec(text);
  if (found === null) return false;
  const [hour = 0, minute = 0, second = 0] = found.slice(1, 4).map(Number);
  const [zoneHour = 0, zoneMinute = 0] = found.slice(5).map((digits) => Number(digits ?? 0));
  if (zoneHour > 23 || zoneMinute > 59) return false;
  if (hour <= 23 && minute <= 59 && second < 60) return true;
  // A leap second is the last one of a day in UTC.
  const sign = found[4] === '-' ? -1 : 1;
  const utcMinute = minute - sign * zoneMinute;
  const utcHour = hour - sign * zoneHour - (utcMinute < 0 ? 1 : 0);
  return second < 61 && [23, -1].includes(utcHour) && [59, -1].includes(utcMinute);
}
