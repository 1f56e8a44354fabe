/** The JSON Schema of the events of a run, made from their type and its doc comments. */
export function eventsSchema(): Readonly<Record<string, unknown>>;
