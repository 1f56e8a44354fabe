/** The keys of a JSON object as they stand in its text, also those that come twice, which a parser would not show. */
export function topLevelKeys(line: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  let isKey = false;
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    if (token.startsWith('"')) {
      if (depth === 1 && isKey) keys.push(JSON.parse(token) as string);
      isKey = false;
      continue;
    }
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    isKey = (token === '{' || token === ',') && depth === 1;
  }
  return keys;
}
