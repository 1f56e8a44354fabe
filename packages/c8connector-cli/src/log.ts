import { type Log, maskValue, warningOnce } from 'c8connector';

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** A log for people: one line each. */
export function plainLog(level: string, mask: (text: string) => string, say: (line: string) => void): Log {
  const lowest = level === 'silent' ? levels.length : (levels as readonly string[]).indexOf(level);
  return warningOnce((kind, message, details) => {
    if (levels.indexOf(kind) < lowest) return;
    const facts = Object.keys(details).length === 0 ? '' : ` ${JSON.stringify(maskValue(details, mask))}`;
    say(`${kind}: ${mask(message)}${facts}`);
  });
}
