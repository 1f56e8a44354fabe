import type { About } from 'c8connector';
import { type ReleasedConfig, releasedConfig } from '../compatibility/released-config.ts';
import { parseObject } from '../values/json.ts';

/** The parts of `about()` that the rules compare. */
export interface ParsedAbout extends Pick<About, 'packageName' | 'type' | 'version'>, ReleasedConfig {
  /** All of it, as it is in about.json. */
  readonly text: string;
}

/** Undefined when a text is not a result of `about()`. */
export function parsedAbout(text: string): ParsedAbout | undefined {
  const about = parseObject(text);
  if (typeof about === 'string') return undefined;
  const { packageName, type, version } = about;
  const released = releasedConfig(about);
  if (released === undefined || typeof packageName !== 'string' || typeof version !== 'string') return undefined;
  if (type !== 'source' && type !== 'target' && type !== 'integration') return undefined;
  return { packageName, type, version, ...released, text: `${text.trim()}\n` };
}
