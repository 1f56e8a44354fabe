import { ConfigError } from 'c8connector';

const block = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/**
 * PEM text as TLS wants it. Forms and environment variables turn its line breaks into blanks or into `\n` of two characters: those are
 * repaired.
 *
 * @throws {ConfigError} `config_invalid` when there is no PEM block in it.
 */
export function repairPem(text: string, property: string): string {
  const blocks = [...text.replaceAll('\\n', '\n').matchAll(block)].map(([, label = '', body = '']) => {
    const lines = body.trim().split(/\r?\n/);
    const content = lines.length > 1 ? lines.map((line) => line.trim()).join('\n') : body.trim().replace(/\s+/g, '\n');
    return `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
  });
  if (blocks.length > 0) return blocks.join('');
  const message = `Invalid PEM format in ${property}: it must hold -----BEGIN …----- and -----END …-----.`;
  throw new ConfigError(message, {
    code: 'config_invalid',
    remedy: 'Paste the content of the PEM file, not its path.',
    details: { property },
    problems: [{ property, message }],
  });
}
