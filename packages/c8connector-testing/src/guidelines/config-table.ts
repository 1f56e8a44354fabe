import type { ConfigProperty } from 'c8connector';
import { configMarkdown } from 'c8connector';

const marked = /(<!-- config -->)[\s\S]*?(<!-- \/config -->)/;

/** A README with the current config between `<!-- config -->` and `<!-- /config -->`. Undefined when it lacks one of these lines. */
export function withConfigTable(readme: string, config: readonly ConfigProperty[]): string | undefined {
  if (!marked.test(readme)) return undefined;
  const table = config.length === 0 ? 'No settings.\n' : configMarkdown(config);
  const renewed = readme.replaceAll('\r\n', '\n').replace(marked, (_, begin, end) => `${begin}\n\n${table}\n${end}`);
  return readme.includes('\r\n') ? renewed.replaceAll('\n', '\r\n') : renewed;
}
