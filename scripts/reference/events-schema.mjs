import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

/** A member that it does not name is allowed: a later release may have more. */
export function eventsSchema() {
  const { $schema, ...schema } = createGenerator({
    path: fileURLToPath(new URL('../../packages/c8connector/src/run/events.ts', import.meta.url)),
    tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    type: 'RunEvent',
    topRef: false,
    additionalProperties: true,
    jsDoc: 'extended',
    // The build has checked them, with a newer compiler.
    skipTypeCheck: true,
  }).createSchema('RunEvent');
  return { $schema, title: 'Event of a run', ...JSON.parse(JSON.stringify(schema, withoutLinks)) };
}

function withoutLinks(key, value) {
  return key === 'description' && typeof value === 'string'
    ? value.replace(/ *\{@link +(\S+) *\} */g, ' $1').trim()
    : value;
}
