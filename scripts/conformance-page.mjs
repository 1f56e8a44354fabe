/** docs/conformance.md: every check of the kit, from the checks themselves, and what they need. */
import { integrationChecks, sourceChecks, stateStoreChecks, targetChecks } from 'c8connector-testing/checks';

const kinds = { source: sourceChecks, target: targetChecks, integration: integrationChecks };

const sections = [
  ['The interface', 1, 18],
  ['validate', 19, 25],
  ['Streams and schemas of a source', 26, 33],
  ['Reading from a source', 34, 50],
  ['Output of the program', 51, 51],
  ['Writing to a target', 52, 71],
  ['Verbs of the program', 72, 72],
  ['Actions of an integration', 73, 84],
  ['Recovery of a target', 85, 85],
  ['Reading a change log', 86, 99],
  ['Rows of a target', 100, 106],
  ['Independence of time zone, locale and other work', 107, 109],
  ['Faulty answers to a source', 110, 112],
  ['Faulty answers to a target', 113, 114],
  ['Independence of earlier calls', 115, 116],
  ['Faulty answers to an integration', 120, 122],
];

/** When a check is skipped, by the reason that it prints then. Options are those of `testSource`, `testTarget` and `testIntegration`. */
const skipped = {
  15: '`packageFolder` is not given, or there is no `about.json` of a release in it',
  16: '`packageFolder` is not given',
  18: 'no property is dynamic',
  20: 'the config gives no secret property, and `wrongPassword` names none',
  21: 'no property is an address, and `unreachable` is not given',
  22: 'no property is mandatory without a default',
  23: 'for integrations: `snapshot` is not given',
  24: 'the config has no secret property',
  25: 'no property is an address, and `unreachable` is not given',
  32: 'no stream is empty, and `emptyStream` is not given',
  37: 'no stream has a primary key',
  40: 'there is one stream, and each of its columns is part of a key or automatic',
  42: 'the source yields no STATE',
  43: 'the source yields no STATE',
  44: 'no stream offers INCREMENTAL, or no bookmark holds a number or a moment',
  45: 'no stream offers INCREMENTAL, or no record has a replication key that is a number or a moment',
  46: '`packageFolder` and `program` are not given, or every stream holds more than `recordCap` rows',
  47: 'no stream is read',
  48: '`singerTarget` is not given',
  49: 'the streams hold too little to judge',
  50: '`expected` is not given',
  51: '`packageFolder` and `program` are not given',
  71: '`badRow` is not given: a target that stops at a bad row has no rejected rows',
  72: '`packageFolder` and `program` are not given',
  79: 'the options allow no call: neither `calls` nor `allowExamples`',
  80: 'the config gives no secret property, and `wrongPassword` names none',
  81: 'the options allow no call',
  82: 'the integration has no `escape`',
  83: 'the options allow no call',
  84: 'the options allow no call',
  85: 'the target has no `recover`',
  ...Object.fromEntries(Array.from({ length: 14 }, (_, index) => [86 + index, '`changes` is not given'])),
  92: '`changes` is not given, or has no `truncate`',
  93: '`changes` is not given, or has no `addColumn`',
  101: 'the target has no `recover`',
  102: 'the target reserves no column',
  106: 'no property is an address, and `unreachable` is not given',
  107: 'every stream holds more than `recordCap` rows',
  108: 'the tests run in a worker thread, or every stream of a source holds more than `recordCap` rows',
  109: 'no property is an address, and `unreachable` is not given',
  110: 'the config names no HTTP service by its address, or every stream holds more than `recordCap` rows',
  111: 'the config names no service by its address, or every stream holds more than `recordCap` rows',
  112: 'the config names no service by its address, or every stream holds more than `recordCap` rows',
  113: 'the config names no HTTP service by its address',
  114: 'the config names no HTTP service by its address',
  115: 'the config names no service by its address, for a target no HTTP service; or every stream of a source holds more than `recordCap` rows',
  116: 'the config names no HTTP service by its address, or `loadMethod` is not `upsert`',
  120: 'the options allow no call, or the config names no HTTP service by its address',
  121: 'the options allow no call, or the config names no HTTP service by its address',
  122: 'the options allow no call, or the config names no HTTP service by its address',
};

/** The same for the checks of a state store. */
const skippedForStores = {
  19: '`damage` is not given',
  20: '`openIn` is not given',
  21: '`openIn` is not given, or gives no `deliveries`',
};

/** Why a number has no check of its own. */
const missing = {};

export function conformancePage() {
  const checks = byNumber();
  const numbers = [...checks.keys()];
  for (const number of Object.keys(skipped)) {
    if (!checks.has(Number(number)))
      throw new Error(`scripts/conformance-page.mjs names check ${number}, which does not exist`);
  }
  for (const number of sections.flatMap(([, first, last]) => rangeOf(first, last))) {
    if (checks.has(number) === number in missing)
      throw new Error(
        `number ${number} of the kit needs a check, or its reason in scripts/conformance-page.mjs, and not both`,
      );
  }
  const inNone = numbers.filter((number) => !sections.some(([, first, last]) => first <= number && number <= last));
  if (inNone.length > 0) throw new Error(`scripts/conformance-page.mjs has no section for ${inNone.join(', ')}`);
  const tables = sections.map(([title, first, last]) => section(title, checks, first, last));
  return `<!-- Generated by scripts/conformance-page.mjs from the checks of packages/c8connector-testing/src; edit those. -->

# Conformance

The requirements for every connector. \`testSource\`, \`testTarget\` and \`testIntegration\` of \`c8connector-testing\` turn each one into a test. \`c8connector check --conformance\`
runs them without a test file, and \`c8connector check --singer\` checks any Singer program against those that can be seen from outside. A number never changes its meaning.

A check that cannot judge the connector is skipped, and prints its reason; \`skip: { 32: 'reason' }\` skips one that does not apply. A finding has the requirement, what was expected, what
was found, and where to look. A check that does not finish within its time-out (60 s by default) is a finding too.

${tables.join('\n')}${reasons()}${stateStores()}`;
}

/** Numbers between the sections are kept for checks to come. */
function rangeOf(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The numbers of a store are its own. */
function stateStores() {
  const rows = stateStoreChecks.map(
    ({ number, title, where }) =>
      `| ${number} | ${cell(title)} | ${cell(where)} | ${cell(skippedForStores[number] ?? '')} |\n`,
  );
  return `
## Requirements for a state store

A host that stores progress in its own way tests its \`StateStore\` with \`testStateStore\`. These numbers are separate from those of connectors.

| | Requirement | Where to look when it is not met | Skipped when |
| --- | --- | --- | --- |
${rows.join('')}`;
}

function byNumber() {
  const checks = new Map();
  for (const [kind, list] of Object.entries(kinds)) {
    for (const check of list) {
      const rules = checks.get(check.number) ?? new Map();
      const rule = rules.get(check.title) ?? { ...check, kinds: [] };
      rules.set(check.title, { ...rule, kinds: [...rule.kinds, kind] });
      checks.set(check.number, rules);
    }
  }
  return new Map([...checks].sort(([one], [other]) => one - other));
}

function section(title, checks, first, last) {
  const rows = [...checks]
    .filter(([number]) => first <= number && number <= last)
    .flatMap(([number, rules]) => {
      return [...rules.values()].map(
        (rule) =>
          `| ${number} | ${cell(rule.title)} | ${kindsOf(rule)} | ${cell(rule.where)} | ${cell(skipped[number] ?? '')} |\n`,
      );
    });
  return `## ${title}

| | Requirement | For | Where to look when it is not met | Skipped when |
| --- | --- | --- | --- | --- |
${rows.join('')}`;
}

function kindsOf(rule) {
  return rule.kinds.length === Object.keys(kinds).length ? 'all' : rule.kinds.join(', ');
}

function reasons() {
  const rows = Object.entries(missing).map(([number, reason]) => `| ${number} | ${cell(reason)} |\n`);
  return rows.length === 0 ? '' : `\n## Numbers without a check\n\n| | Reason |\n| --- | --- |\n${rows.join('')}`;
}

/** Plain text in a table: what Markdown would read as its own stays text. */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('{{', '\\{\\{');
}
