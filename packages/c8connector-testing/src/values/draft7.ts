import { Decimal } from 'c8connector';

type Node = Readonly<Record<string, unknown>>;

const maps = ['properties', 'patternProperties', 'definitions', '$defs'];
const lists = ['anyOf', 'oneOf', 'allOf'];
const single = [
  'items',
  'additionalProperties',
  'additionalItems',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
];

/** A schema with `change` applied to each of its subschemas and last to itself. A schema that is not an object stays unchanged. */
export function mapSchema(schema: unknown, change: (node: Node) => Node): unknown {
  if (Array.isArray(schema)) return schema.map((each) => mapSchema(each, change));
  if (!isNode(schema)) return schema;
  const inner = (key: string, value: unknown): unknown => {
    if (maps.includes(key) && isNode(value))
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapSchema(each, change)]));
    if (lists.includes(key) || single.includes(key)) return mapSchema(value, change);
    return value;
  };
  return change(Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inner(key, value)])));
}

/** Converts the boolean bounds of draft 4 to the numbers of draft 7, and removes keywords of other drafts. */
export function toDraft7(node: Node): Node {
  const { $schema: _schema, id, $id: _id, ...rest } = node;
  const next: Record<string, unknown> = typeof id === 'string' || id === undefined ? rest : { ...rest, id };
  for (const [exclusive, inclusive] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof next[exclusive] !== 'boolean') continue;
    const bound = next[inclusive];
    const isExclusive = next[exclusive] === true;
    delete next[exclusive];
    if (!isExclusive || bound === undefined) continue;
    delete next[inclusive];
    next[exclusive] = bound;
  }
  return next;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}
