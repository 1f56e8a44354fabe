import type { ConfigProperty, Log, Stop } from 'c8connector';

/** What a host brings along: where to look things up, where to log, what to mask, when to stop. */
export interface Host {
  /** The folder of the user: connectors and relative paths are looked up from it. */
  readonly folder: string;
  readonly stop: Stop;
  readonly log: Log;
  /** From now on the secrets in these raw values, a config or an input, are masked. */
  conceal(properties: readonly ConfigProperty[], values: unknown): void;
  mask(text: string): string;
}
