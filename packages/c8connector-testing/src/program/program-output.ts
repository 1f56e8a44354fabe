import { isDeepStrictEqual } from 'node:util';
import type { C8Connector, Sample, Schema } from 'c8connector';
import { about, type Catalog, parseCatalog, parseValue } from 'c8connector';
import { errorText, Finding, shown } from '../check.ts';
import { isObject } from '../values/json.ts';
import { checkExit, type Ended, exitText } from './ended.ts';

/** Checks that the output is `about()` of the connector as JSON. */
export function checkAbout(ended: Ended, connector: C8Connector): void {
  checkExit(ended, '--about');
  const printed = jsonOf(ended, '--about');
  const wanted: unknown = JSON.parse(JSON.stringify(about(connector)));
  if (!isObject(printed) || !isObject(wanted)) throw new Finding('an object on stdout of --about', shown(printed));
  for (const key of ['name', 'packageName', 'version', 'type', 'description', 'capabilities', 'config', 'actions']) {
    if (!isDeepStrictEqual(printed[key], wanted[key]))
      throw new Finding(`${key} in what --about prints: ${shown(wanted[key])}`, shown(printed[key]));
  }
}

export function checkAboutMarkdown(ended: Ended, { name, config }: C8Connector): void {
  checkExit(ended, '--about --format markdown');
  const { stdout } = ended;
  if (!/^# /m.test(stdout) || !stdout.includes(name))
    throw new Finding(
      `Markdown with a heading and the name ${name} on stdout of --about --format markdown`,
      shown(stdout),
    );
  const missing = config.find((property) => !stdout.includes(property.name));
  if (missing !== undefined)
    throw new Finding(`property '${missing.name}' in what --about --format markdown prints`, 'nothing of it');
}

export function checkVersion(ended: Ended, { version }: C8Connector): void {
  checkExit(ended, '--version');
  const words = ended.stdout.trim().split(/\s+/);
  if (!words.includes(version) || ended.stdout.trim().includes('\n'))
    throw new Finding(`one line with the version ${version} on stdout of --version`, shown(ended.stdout));
}

/** Checks that a call failed with this exit code and printed nothing on stdout. */
export function checkRefused(ended: Ended, what: string, code: number): void {
  if (ended.code !== code) throw new Finding(`exit code ${code} of ${what}`, exitText(ended));
  if (ended.stdout !== '') throw new Finding(`nothing on stdout of ${what}`, shown(ended.stdout));
  if (ended.stderr.trim() === '') throw new Finding(`the reason on stderr of ${what}`, 'nothing');
}

/** Checks the printed report of a validation, passed or failed. */
export function checkReport(ended: Ended, what: string, code: number): void {
  if (ended.code !== code) throw new Finding(`exit code ${code} of ${what}`, exitText(ended));
  const report = jsonOf(ended, what);
  if (!isObject(report) || report.ok !== (code === 0) || !Array.isArray(report.steps) || report.steps.length === 0)
    throw new Finding(`a report with ok: ${code === 0} and its steps on stdout of ${what}`, shown(report));
  const failed = report.steps.filter((step) => isObject(step) && step.status === 'failed');
  if (failed.length > 0 === (code === 0))
    throw new Finding(`${code === 0 ? 'no' : 'a'} failed step on stdout of ${what}`, shown(report.steps));
}

/** Checks the printed list of --samples or --schemas by comparing its streams and their columns. */
export function checkNames(ended: Ended, what: string, wanted: readonly (Sample | Schema)[]): void {
  checkExit(ended, what);
  const printed = jsonOf(ended, what);
  if (!Array.isArray(printed)) throw new Finding(`a list on stdout of ${what}`, shown(printed));
  const rowless = (value: unknown) => (isObject(value) && 'schema' in value ? value.schema : value);
  const [found, expected] = [printed.map(rowless), wanted.map(rowless)];
  if (!isDeepStrictEqual(found, expected))
    throw new Finding(`on stdout of ${what} the schemas ${shown(expected)}, as in process`, shown(found));
  const odd = printed.find((value) => isObject(value) && 'schema' in value && !Array.isArray(value.data));
  if (what === '--samples' && (odd !== undefined || printed.some((value) => !isObject(value) || !('schema' in value))))
    throw new Finding('samples with schema and data on stdout of --samples', shown(odd ?? printed));
}

export function checkCatalog(ended: Ended, wanted: Catalog): void {
  const [found, expected] = [printedCatalog(ended), wanted].map(({ streams }) =>
    streams.map((entry) => entry.tap_stream_id),
  );
  if (!isDeepStrictEqual(found, expected))
    throw new Finding(`on stdout of --discover the streams ${shown(expected)}, as in process`, shown(found));
}

/** The catalog on stdout of --discover. */
export function printedCatalog(ended: Ended): Catalog {
  checkExit(ended, '--discover');
  try {
    return parseCatalog(ended.stdout, 'stdout');
  } catch (error) {
    throw new Finding('one catalog and nothing else on stdout of --discover', errorText(error), { cause: error });
  }
}

function jsonOf({ stdout }: Ended, what: string): unknown {
  try {
    return parseValue(stdout);
  } catch {
    throw new Finding(`JSON and nothing else on stdout of ${what}`, shown(stdout));
  }
}
