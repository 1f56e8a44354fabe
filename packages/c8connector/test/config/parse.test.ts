import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { Secret } from '../../src/config/secret.ts';
import { ConfigError, isC8Error } from '../../src/interface/errors.ts';
import type { ConfigProperty } from '../../src/interface/property.ts';
import { property } from './property.ts';

const host = property({ name: 'host', type: 'string', isMandatory: true });
const port = property({ name: 'port', type: 'integer', defaultValue: 5432, minimum: 1, maximum: 65_535 });
const password = property({ name: 'password', type: 'password' });
const method = property({ name: 'method', type: 'options', options: ['FULL_TABLE', 'LOG_BASED'] });

function value(declared: ConfigProperty, given: unknown): unknown {
  return parseConfig([declared], { [declared.name]: given }).config[declared.name];
}

function refusal(properties: readonly ConfigProperty[], config: unknown): ConfigError {
  try {
    parseConfig(properties, config);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the config was accepted');
}

function problem(declared: ConfigProperty, given: unknown): string {
  return refusal([declared], { [declared.name]: given })
    .problems.map(({ message }) => message)
    .join('\n');
}

describe('texts become the declared type', () => {
  const integer = property({ name: 'n', type: 'integer' });
  const boolean = property({ name: 'b', type: 'boolean' });
  const list = property({ name: 'l', type: 'array' });
  const numbers = property({ name: 'l', type: 'array', items: { type: 'integer' } });
  const objects = property({ name: 'l', type: 'array', items: { type: 'object' } });
  const object = property({ name: 'o', type: 'object' });

  it.each([
    ['5432', 5432],
    [' 7 ', 7],
    ['5432.0', 5432],
    ['-0', 0],
    ['+3', 3],
    [5432.0, 5432],
    [9_007_199_254_740_991, 9_007_199_254_740_991],
  ])('the integer %j is %j', (given, expected) => {
    expect(value(integer, given)).toBe(expected);
  });

  it('a bigint becomes a number', () => {
    expect(value(integer, 12n)).toBe(12);
  });

  it.each([
    ['true', true],
    ['YES', true],
    ['1', true],
    [1, true],
    [true, true],
    ['false', false],
    ['no', false],
    ['0', false],
    [' False ', false],
  ])('the boolean %j is %j', (given, expected) => {
    expect(value(boolean, given)).toBe(expected);
  });

  it.each([
    [list, 'a, b,,c', ['a', 'b', 'c']],
    [list, '["a,b"]', ['a,b']],
    [list, ['a'], ['a']],
    [list, [], []],
    [numbers, '1,2', [1, 2]],
    [numbers, '[1, "2"]', [1, 2]],
    [objects, '[{"a":1}]', [{ a: 1 }]],
    [object, '{"a":{"b":1}}', { a: { b: 1 } }],
    [object, { a: 1 }, { a: 1 }],
  ])('%#: as %o, %j becomes %j', (declared, given, expected) => {
    expect(value(declared, given)).toEqual(expected);
  });

  it('a default given as text is converted to the declared type', () => {
    const declared = [
      { ...port, defaultValue: '5432' },
      property({ name: 'ssl', type: 'boolean', defaultValue: 'false' }),
    ];
    expect(parseConfig(declared, {}).config).toEqual({ port: 5432, ssl: false });
  });
});

describe('what is refused, and what the message suggests', () => {
  it.each([
    ['abc', "'abc' is not a whole number; give one such as 5432"],
    [1.5, '1.5 is not a whole number; give one such as 5432'],
    [Number.NaN, 'NaN is not a whole number; give one such as 5432'],
    [Number.POSITIVE_INFINITY, 'Infinity is not a whole number; give one such as 5432'],
    ['0x10', "'0x10' is not a whole number; give one such as 5432"],
    [true, 'true is not a whole number; give one such as 5432'],
    [{}, 'an object is not a whole number; give one such as 5432'],
    ['9007199254740993', "'9007199254740993' is too large to be kept exactly; give a number of at most 15 digits"],
    [2 ** 53, '9007199254740992 is too large to be kept exactly; give a number of at most 15 digits'],
    [0, '0 is out of bounds; give a whole number from 1 to 65535'],
    ['70000', "'70000' is out of bounds; give a whole number from 1 to 65535"],
  ])('the integer %j', (given, expected) => {
    expect(problem(port, given)).toBe(expected);
  });

  it.each([
    [property({ name: 'p', type: 'boolean' }), 'maybe', "'maybe' is neither true nor false; give one of them"],
    [property({ name: 'p', type: 'string' }), 12, '12 is not text; put it in quotes'],
    [property({ name: 'p', type: 'string' }), { $env: 'P' }, 'an object is not text; give a text'],
    [property({ name: 'p', type: 'email' }), 'me@', "'me@' is not an email address; give one such as name@example.com"],
    [
      property({ name: 'p', type: 'date_iso8601' }),
      '2024-02-30',
      "'2024-02-30' is not a date; give one such as 2024-01-31, or 2024-01-31T09:30:00Z with its zone",
    ],
    [
      property({ name: 'p', type: 'string', pattern: '[a-z]+|x', placeholderValue: 'abc' }),
      'abc1',
      "'abc1' does not match [a-z]+|x; give a text that does, such as abc",
    ],
    [property({ name: 'p', type: 'array' }), 7, '7 is not a list; give one such as ["a", "b"] or a,b'],
    [property({ name: 'p', type: 'array' }), '["a"', '\'["a"\' is not a list; give one such as ["a", "b"] or a,b'],
    [
      property({ name: 'p', type: 'object' }),
      '[1]',
      '\'[1]\' is not a JSON object; give one such as {"name": "value"}',
    ],
    [property({ name: 'p', type: 'string', isMandatory: true }), '', 'is empty; give a value'],
  ])('%#: %o given as %j', (declared, given, expected) => {
    expect(problem(declared, given)).toBe(expected);
  });

  it('an option must be the exact text, and the nearest one is offered', () => {
    expect(problem(method, 'full_table')).toBe(
      "'full_table' is not one of FULL_TABLE, LOG_BASED; did you mean 'FULL_TABLE'?",
    );
    expect(problem(method, 'sideways')).toBe("'sideways' is not one of FULL_TABLE, LOG_BASED");
  });

  it('a wrong item of a list is named by its index', () => {
    const ports = property({ name: 'ports', type: 'array', items: { type: 'integer' } });
    expect(refusal([ports], { ports: [1, 2, 'x'] }).problems).toEqual([
      { property: 'ports[2]', message: "'x' is not a whole number; give one such as 10" },
    ]);
  });

  it('every problem is reported at once, one for each property', () => {
    const error = refusal([host, port, method, property({ name: 'ssl', type: 'boolean' }), password], {
      port: 'abc',
      method: 'LOG_BASE',
      ssl: 'si',
      password: 12,
    });
    expect(error.code).toBe('config_invalid');
    expect(error.exitCode).toBe(2);
    expect(error.problems.map((each) => each.property)).toEqual(['host', 'port', 'method', 'ssl', 'password']);
    expect(error.message).toBe(
      [
        'the config has 5 problems:',
        '  host: is mandatory; give a value',
        "  port: 'abc' is not a whole number; give one such as 5432",
        "  method: 'LOG_BASE' is not one of FULL_TABLE, LOG_BASED; did you mean 'LOG_BASED'?",
        "  ssl: 'si' is neither true nor false; give one of them",
        '  password: the value is not text; put it in quotes',
      ].join('\n'),
    );
  });

  it.each([[null], [undefined], ['{}'], [[]], [7]])('a config that is %j is one problem', (config) => {
    const error = refusal([host], config);
    expect(error.code).toBe('config_invalid');
    expect(error.problems).toHaveLength(1);
    expect(error.message).toContain('not a JSON object');
  });

  it('a default that breaks its declaration is a bug of the connector', () => {
    const wrong = property({ name: 'port', type: 'integer', defaultValue: 'abc' });
    try {
      parseConfig([wrong], {});
      expect.unreachable();
    } catch (error) {
      expect(isC8Error(error) && error.code).toBe('contract_broken');
      expect(String(error)).toContain('port');
    }
  });
});

describe('absent properties', () => {
  it.each([[undefined], [null], ['']])('%j is absent, and takes the default', (given) => {
    expect(parseConfig([port], { port: given }).config).toEqual({ port: 5432 });
  });

  it('an absent property without default is not in the config', () => {
    expect(parseConfig([method, password], { method: '', password: null }).config).toEqual({});
  });

  it('a mandatory property takes its default', () => {
    const dbname = property({ name: 'dbname', type: 'string', isMandatory: true, defaultValue: 'postgres' });
    expect(parseConfig([dbname], {}).config).toEqual({ dbname: 'postgres' });
  });

  it('a mandatory option names the choices', () => {
    expect(problem({ ...method, isMandatory: true }, undefined)).toBe(
      'is mandatory; give one of FULL_TABLE, LOG_BASED',
    );
  });

  it('defaults of false, 0 and the empty list are defaults', () => {
    const declared = [
      property({ name: 'a', type: 'boolean', defaultValue: false }),
      property({ name: 'b', type: 'integer', defaultValue: 0 }),
      property({ name: 'c', type: 'array', defaultValue: [] }),
    ];
    expect(parseConfig(declared, {}).config).toEqual({ a: false, b: 0, c: [] });
  });
});

describe('conditions', () => {
  const slot = property({
    name: 'slot',
    type: 'string',
    isMandatory: true,
    when: { property: 'method', oneOf: ['LOG_BASED'] },
  });

  it('a property whose condition is false is neither mandatory nor checked, and a warning reports that it is ignored', () => {
    const { config, warnings } = parseConfig([slot, method], { method: 'FULL_TABLE', slot: 12 });
    expect(config).toEqual({ method: 'FULL_TABLE' });
    expect(warnings).toEqual([
      { property: 'slot', message: "property 'slot' is ignored: it counts only while 'method' is LOG_BASED" },
    ]);
    expect(parseConfig([slot, method], {})).toEqual({ config: {}, warnings: [] });
  });

  it('a property whose condition is true is mandatory', () => {
    expect(refusal([slot, method], { method: 'LOG_BASED' }).problems.map((each) => each.property)).toEqual(['slot']);
  });

  it('a default makes a condition true', () => {
    const byDefault = { ...method, defaultValue: 'LOG_BASED' };
    expect(parseConfig([slot, byDefault], { slot: 's' }).config).toEqual({ slot: 's', method: 'LOG_BASED' });
  });

  it('a condition compares the typed value', () => {
    const ssl = property({ name: 'ssl', type: 'boolean' });
    const key = property({ name: 'key', type: 'file', when: { property: 'ssl', oneOf: [true] } });
    expect(parseConfig([ssl, key], { ssl: 'yes', key: 'k' }).config).toEqual({ ssl: true, key: 'k' });
  });

  it('a condition on an ignored property is false', () => {
    const plugin = property({
      name: 'plugin',
      type: 'string',
      defaultValue: 'x',
      when: { property: 'slot', oneOf: ['s'] },
    });
    const { config, warnings } = parseConfig([plugin, slot, method], { slot: 's', plugin: 'y' });
    expect(config).toEqual({});
    expect(warnings.map((each) => each.property)).toEqual(['plugin', 'slot']);
  });

  it('no problem is reported for a property whose condition depends on a wrong one', () => {
    expect(refusal([slot, method], { method: 'LOG' }).problems.map((each) => each.property)).toEqual(['method']);
  });

  it('circular conditions are never true', () => {
    const a = property({ name: 'a', type: 'string', isMandatory: true, when: { property: 'b', oneOf: ['1'] } });
    const b = property({ name: 'b', type: 'string', isMandatory: true, when: { property: 'a', oneOf: ['1'] } });
    expect(parseConfig([a, b], { a: '1', b: '1' }).config).toEqual({});
  });
});

describe('unknown keys', () => {
  it('do not include the schema that a file names for editors', () => {
    expect(parseConfig([host], { $schema: './host.schema.json', host: 'h' })).toEqual({
      config: { host: 'h' },
      warnings: [],
    });
  });

  it('are a warning with the nearest name', () => {
    const { warnings } = parseConfig([password], { passwrod: 'x', colour: 'red' });
    expect(warnings).toEqual([
      { property: 'passwrod', message: "unknown property 'passwrod'; did you mean 'password'?" },
      { property: 'colour', message: "unknown property 'colour'" },
    ]);
  });

  it('are reported with the problems, since a misspelt key is why a mandatory property is missing', () => {
    const error = refusal([host], { hots: 'h' });
    expect(error.message).toBe(
      "the config has a problem:\n  host: is mandatory; give a value\n  unknown property 'hots'; did you mean 'host'?",
    );
    expect(error.problems).toEqual([{ property: 'host', message: 'is mandatory; give a value' }]);
    expect(refusal([host], {}).message).toBe('the config has a problem: host: is mandatory; give a value');
  });

  it('that are named like members of Object.prototype are treated like others', () => {
    const raw: unknown = JSON.parse('{"__proto__": {"host": "evil"}, "constructor": "x", "toString": 1}');
    const { config, warnings } = parseConfig([password], raw);
    expect(config).toEqual({});
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype);
    expect(warnings.map((each) => each.property)).toEqual(['__proto__', 'constructor', 'toString']);
  });

  it('that are inherited do not count', () => {
    const declared = property({ name: 'constructor', type: 'string' });
    expect(Object.hasOwn(parseConfig([declared], {}).config, 'constructor')).toBe(false);
    expect(parseConfig([declared], { constructor: 'x' }).config).toEqual({ constructor: 'x' });
  });
});

describe('secrets', () => {
  it('become a Secret, whatever their type', () => {
    const pin = property({ name: 'pin', type: 'integer', isSecret: true });
    const { config } = parseConfig([password, pin], { password: 'hunter22', pin: '1234' });
    expect(JSON.stringify(config)).toBe('{"password":"[secret]","pin":"[secret]"}');
    expect(config.password instanceof Secret && config.password.reveal()).toBe('hunter22');
    expect(config.pin instanceof Secret && config.pin.reveal()).toBe('1234');
  });

  it('are in no message, not even when they are in the wrong property or under a misspelt key', () => {
    const secret = 's3cr3t/va"lue';
    const config = { password: { deep: secret }, port: secret, passwrod: secret, key: secret };
    const error = refusal([password, port, property({ name: 'key', type: 'file', pattern: '-.*' })], config);
    expect(error.problems).toHaveLength(3);
    expect(JSON.stringify([error.message, error.problems])).not.toContain('s3cr3t');
    const { warnings } = parseConfig([password], { passwrod: secret });
    expect(JSON.stringify(warnings)).not.toContain('s3cr3t');
  });
});

it('a pattern that is not a regular expression is a bug of the connector', () => {
  const wrong = property({ name: 'prefix', type: 'string', pattern: '(' });
  expect(() => parseConfig([wrong], { prefix: 'a' })).toThrow(/pattern of config property prefix/);
});

it('never changes what it is given', () => {
  const config = { host: 'h', port: '1', list: ['1'], extra: { a: [1] }, unknown: 1 };
  const before = structuredClone(config);
  parseConfig(
    [host, port, property({ name: 'list', type: 'array' }), property({ name: 'extra', type: 'object' })],
    Object.freeze(config),
  );
  expect(config).toEqual(before);
});

it('long values and values of several lines are cut to one short line', () => {
  const message = problem(port, `first\nsecond${'x'.repeat(500)}`);
  expect(message).not.toContain('\n');
  expect(message.length).toBeLessThan(130);
});
