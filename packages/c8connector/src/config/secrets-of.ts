import type { ConfigProperty } from '../interface/property.ts';
import { nearest } from './nearest.ts';
import { isSecretProperty } from './property.ts';

/** Types whose values stay out of every log and message, whether or not they are declared secret. */
const concealed: ReadonlySet<string> = new Set(['password', 'hidden', 'file', 'oauth']);

/** Whether the value of a property must stay out of logs, messages and reports: secrets, and all of type `hidden`, `file` and `oauth`. */
export function isConcealed(property: Pick<ConfigProperty, 'type' | 'isSecret'>): boolean {
  return isSecretProperty(property) || concealed.has(property.type);
}

/**
 * The texts that {@link createMask} must mask, from a raw config that may be wrong in any way: the values of concealed properties with every text inside them
 * (also inside JSON text), the values of unknown keys that look like a misspelt secret, and passwords inside URLs.
 */
export function secretsOf(properties: readonly ConfigProperty[], config: unknown): string[] {
  const raw = typeof config === 'string' ? parsedJson(config) : config;
  if (typeof raw !== 'object' || raw === null) return [];
  const byName = new Map(properties.map((property) => [property.name, property]));
  const texts = Object.entries(raw).flatMap(([key, value]) => {
    const property = byName.get(key);
    const isHidden = property === undefined ? looksSecret(key, byName) : isConcealed(property);
    if (!isHidden) return leaves(value).flatMap(urlPasswords);
    if (property !== undefined && !isSecretProperty(property) && value === property.defaultValue) return [];
    // A file is masked as a whole, and its PEM blocks by line: single words of a JSON or CSV file are not secrets.
    return property?.type === 'file' && typeof value === 'string' ? fileTexts(value) : leaves(value);
  });
  return [...new Set(texts)].filter((text) => text.trim() !== '');
}

function looksSecret(key: string, byName: ReadonlyMap<string, ConfigProperty>): boolean {
  if (/pass|pwd|secret|token|credential|(?:^|[^a-z])(?:api|access|private)?_?key$/i.test(key)) return true;
  const meant = byName.get(nearest(key, byName.keys()) ?? '');
  return meant !== undefined && isConcealed(meant);
}

/** All texts and numbers inside a value, those inside JSON text too. */
function leaves(value: unknown, depth = 0): string[] {
  if (depth > 20) return [];
  if (typeof value === 'string') {
    const inner = parsedJson(value);
    return typeof inner === 'object' && inner !== null ? [value, ...leaves(inner, depth + 1)] : [value];
  }
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((item) => leaves(item, depth + 1));
}

function fileTexts(content: string): string[] {
  return [content, ...leaves(content).filter((text) => text.includes('-----BEGIN '))];
}

function urlPasswords(text: string): string[] {
  return [...text.matchAll(/:\/\/[^/\s:@]*:([^/\s@]+)@/g)].flatMap(([, password = '']) => {
    try {
      return [password, decodeURIComponent(password)];
    } catch {
      return [password];
    }
  });
}

function parsedJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
