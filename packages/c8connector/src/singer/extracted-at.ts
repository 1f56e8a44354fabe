const pattern = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/i;

/** A moment as ISO 8601 in UTC with microseconds, as `time_extracted` stands in messages; undefined for a text that is no moment with a zone. */
export function parseExtractedAt(text: string): string | undefined {
  const [, day, time, fraction = '', zone = ''] = pattern.exec(text) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const offset = zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase();
  const milliseconds = Date.parse(`${day}T${time}${offset}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return `${new Date(milliseconds).toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** Now, in the same form. */
export function extractedNow(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
