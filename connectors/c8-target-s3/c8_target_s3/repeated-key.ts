/** The first key that stands twice in a JSON object, looking at its own keys only. The text must be valid JSON. */
export function repeatedKey(object: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  let isKey = false;
  for (const [token] of object.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    if (token === '{' || token === '[') {
      depth += 1;
      isKey = depth === 1;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      isKey = false;
    } else if (token === ',') {
      isKey = depth === 1;
    } else if (isKey) {
      isKey = false;
      const key: unknown = JSON.parse(token);
      if (typeof key !== 'string') continue;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}
