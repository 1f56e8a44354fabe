import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { Decimal, exactSchema } from 'c8connector';
import { shown } from '../check.ts';
import { mapSchema, toDraft7 } from './draft7.ts';
import { compareNumbers, isIntegerText, isMultiple, isNumeric } from './exact-number.ts';

/** The keywords that ajv would check with doubles; here they are checked exactly. */
const exactKeywords = ['type', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;

type ExactRules = Readonly<Partial<Record<(typeof exactKeywords)[number], unknown>>>;

/**
 * A validator of parsed records, in which numbers are number, bigint or Decimal: an integer consists of digits only, bounds and multipleOf are exact, date-time,
 * date, time and uuid must have their format, and `x-…` keywords are ignored. Throws when a reference cannot be resolved.
 */
export function compileSchema(schema: unknown): (record: unknown) => string | undefined {
  const ajv = new Ajv({ strict: false, logger: false, validateSchema: false, ownProperties: true });
  addFormats(ajv);
  ajv.addKeyword({
    keyword: 'exactly',
    validate: meets,
    error: { message: ({ schema: rules }) => `must be ${wording(rules as ExactRules)}` },
  });
  const validate = ajv.compile(mapSchema(exactSchema(schema), (node) => withExactRules(toDraft7(node))) as object);
  return (record) => (validate(record) ? undefined : problemOf(validate, record));
}

function withExactRules(node: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const rules: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    const isExact = exactKeywords.some((keyword) => keyword === key);
    (isExact ? rules : rest)[key] = value;
  }
  return Object.keys(rules).length === 0 ? rest : { ...rest, exactly: rules };
}

function meets(rules: ExactRules, value: unknown): boolean {
  if (rules.type !== undefined && ![rules.type].flat().some((type) => isOfType(value, type))) return false;
  if (!isNumeric(value)) return true;
  const isWithin = (bound: unknown, allowed: (order: number) => boolean): boolean => {
    const order = bound === undefined ? undefined : compareNumbers(value, bound);
    return order === undefined || allowed(order);
  };
  return (
    isWithin(rules.minimum, (order) => order >= 0) &&
    isWithin(rules.maximum, (order) => order <= 0) &&
    isWithin(rules.exclusiveMinimum, (order) => order > 0) &&
    isWithin(rules.exclusiveMaximum, (order) => order < 0) &&
    (rules.multipleOf === undefined || isMultiple(value, rules.multipleOf) !== false)
  );
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer') return isIntegerText(value);
  if (type === 'number') return isNumeric(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object')
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
  return typeof value === type;
}

/** `24:00:00` is a time of several databases; ajv-formats does not accept it. A time may have no zone. */
const midnight = /^24:00:00(?:\.0+)?(?:Z|[+-]\d\d(?::?\d\d)?)?$/i;

function addFormats(ajv: Ajv): void {
  formats.default(ajv, ['date-time', 'date', 'iso-time', 'uuid']);
  const isTime = ajv.compile<string>({ type: 'string', format: 'iso-time' });
  ajv.addFormat('time', (text: string) => midnight.test(text) || isTime(text));
}

function problemOf(validate: ValidateFunction, record: unknown): string {
  const [error] = validate.errors ?? [];
  if (error === undefined) return 'it does not match';
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let value: unknown = record;
  for (const step of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  const name = path.length === 0 ? 'the record' : `column '${path.join('.')}'`;
  const isRecord = path.length === 0;
  return `${name} ${error.message}${isRecord ? '' : `, and is ${value instanceof Decimal ? value.text : shown(value)}`}`;
}

function wording(rules: ExactRules): string {
  const { type, ...others } = rules;
  const kinds = type === undefined ? [] : [[type].flat().join(' or ')];
  const bounds = Object.entries(others).map(([keyword, value]) => `${keyword} ${String(value)}`);
  return [...kinds, ...bounds].join(', ');
}
