import { type C8Connector, ConfigError, findAction, isIntegration, nearest } from 'c8connector';

/**
 * Throws a ConfigError `stream_unknown` that names the wanted streams that were not found; `known` are those that could have been meant. What an integration has
 * instead of streams are its actions.
 */
export async function refuseUnknown(
  connector: C8Connector,
  wanted: readonly string[] | undefined,
  found: readonly string[],
  known: () => Promise<readonly string[]>,
): Promise<void> {
  const missing = (wanted ?? []).filter((name) => !found.includes(name));
  if (missing.length === 0) return;
  if (isIntegration(connector)) for (const name of missing) findAction(connector, name);
  const names = await known();
  throw unknownStreams(missing.map((name) => unknownStream(name, names)));
}

/** What to say about a stream that is not there. */
export function unknownStream(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return `the source has no stream '${name}'${close === undefined ? '' : `; did you mean '${close}'?`}`;
}

export function unknownStreams(problems: readonly string[]): ConfigError {
  return new ConfigError(problems.join('\n'), { code: 'stream_unknown' });
}
