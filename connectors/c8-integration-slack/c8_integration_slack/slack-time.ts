import { inputInvalid } from './errors.ts';

/** Seconds since 1970 as Slack writes them, from such a text or from a date (UTC) or a time with an offset. Throws `input_invalid` that names the property. */
export function slackTime(property: string, value: string | undefined): string | undefined {
  const text = value?.trim() ?? '';
  if (text === '') return undefined;
  if (/^\d{1,12}(\.\d{1,6})?$/.test(text)) return text;
  const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/i.test(text);
  const time = isTime ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time) && time >= 0) return (time / 1000).toFixed(6);
  throw inputInvalid(
    property,
    'give seconds since 1970 such as 1700000000.000100, a date, or a time such as 2026-01-02T03:04:05Z.',
  );
}
