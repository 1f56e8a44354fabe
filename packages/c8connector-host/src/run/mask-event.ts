import type { EventError, Json, RunEvent } from 'c8connector';
import type { Host } from '../host.ts';

/**
 * Masks every text of an event that comes from a connector or a service: messages, positions, and the names of streams, columns and rows. Numbers and the fixed words of the event
 * stay as they are. A name is masked in the same way in every event, so that it still identifies its stream.
 */
export function createEventMask({ mask }: Pick<Host, 'mask'>): (event: RunEvent) => RunEvent {
  const names = new Map<string, string>();
  // A log of many streams names all of them each time its state is saved.
  const maskName = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const masked = mask(name);
    names.set(name, masked);
    return masked;
  };
  const maskStream = <S extends { readonly stream: string }>(named: S): S => ({
    ...named,
    stream: maskName(named.stream),
  });
  return (event) => {
    switch (event.type) {
      case 'planned': {
        const units = event.units.map((unit) => ({
          ...unit,
          unit: maskName(unit.unit),
          streams: unit.streams.map(maskName),
        }));
        return { ...event, streams: event.streams.map(maskStream), units };
      }
      case 'finished':
        return { ...event, streams: event.streams.map(maskStream) };
      case 'stream': {
        const { position } = event;
        const masked = position === undefined ? {} : { position: maskTexts(position, mask) };
        return { ...maskStream(event), ...masked, unit: maskName(event.unit) };
      }
      case 'progress':
        return { ...maskStream(event), unit: maskName(event.unit) };
      case 'state_saved': {
        const written = Object.entries(event.written).map(([stream, rows]) => [maskName(stream), rows] as const);
        return { ...event, unit: maskName(event.unit), written: Object.fromEntries(written) };
      }
      case 'schema_changed': {
        const { added, removed, changed } = event;
        const change = { added: added.map(maskName), removed: removed.map(maskName), changed: changed.map(maskName) };
        return { ...maskStream(event), ...change, unit: maskName(event.unit) };
      }
      case 'rejected':
        return { ...maskStream(event), unit: maskName(event.unit), row: mask(event.row), message: mask(event.message) };
      case 'retry':
      case 'failed': {
        const { streams, error } = event;
        return { ...event, unit: maskName(event.unit), streams: streams.map(maskName), error: maskError(error, mask) };
      }
    }
  };
}

/** An error whose texts are masked. */
export function maskError(error: EventError, mask: Host['mask']): EventError {
  const { message, remedy } = error;
  return { ...error, message: mask(message), ...(remedy === undefined ? {} : { remedy: mask(remedy) }) };
}

/** A position whose texts are masked, including the names of its members. */
function maskTexts(value: Json, mask: Host['mask']): Json {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item: Json) => maskTexts(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [mask(name), maskTexts(member, mask)]));
}
