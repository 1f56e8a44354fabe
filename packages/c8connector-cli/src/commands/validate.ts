import {
  ConnectorError,
  isC8Error,
  maskValue,
  stringifyValue,
  type ValidationError,
  type ValidationReport,
  type ValidationStep,
} from 'c8connector';
import { formatDuration } from 'c8connector-host';
import { painter } from '../display/colours.ts';
import { masked } from '../display/shown.ts';
import type { Session } from '../session.ts';
import { type ConfiguredArguments, loadConfigured } from './configured.ts';

const signs = { passed: ['green', '✓'], warning: ['yellow', '!'], failed: ['red', '✗'] } as const;

/** Runs the checks of a connector and shows each step as it ends. Resolves with the exit code of the step that failed. */
export async function validate(
  args: ConfiguredArguments & { readonly json: boolean },
  session: Session,
): Promise<number> {
  const { connector, config } = await loadConfigured(args, session);
  const { stop, log, mask } = session;
  const show = stepWriter(session);
  let shown = Promise.resolve();
  const onStep = (step: ValidationStep): void => {
    if (!args.json) shown = shown.then(() => show(step));
    // Errors are thrown where this is awaited.
    shown.catch(() => undefined);
  };
  const finish = async (report: ValidationReport): Promise<void> => {
    await shown;
    if (args.json) await session.print(`${stringifyValue(maskValue(report, mask), 2)}\n`);
  };
  try {
    await finish(await connector.validate(config, { signal: stop.graceful, log, onStep }));
    return 0;
  } catch (error) {
    if (!isValidationError(error)) throw error;
    await finish(error.report);
    const failed = error.report.steps.find((step) => step.status === 'failed');
    if (failed === undefined)
      throw new ConnectorError(`${connector.packageName}: validate failed without a failed step`, {
        code: 'contract_broken',
      });
    if (stop.graceful.aborted) return error.exitCode;
    // The step was printed above, with the fix.
    session.say(
      mask(`c8connector: ${error.name} ${error.code}: ${connector.packageName}: step '${failed.label}' failed`),
    );
    return error.exitCode;
  }
}

function isValidationError(error: unknown): error is ValidationError {
  return isC8Error(error) && error.name === 'ValidationError';
}

function stepWriter(session: Session): (step: ValidationStep) => Promise<void> {
  const paint = painter(process.stdout);
  return async ({ status, label, message, remedy, durationMs }) => {
    const [colour, sign] = signs[status];
    const text = message.replace(/\n\s*/g, '\n    ');
    const line = [
      paint(colour, sign),
      ` ${label.padEnd(22)} ${text}  `,
      paint('dim', formatDuration(durationMs)),
      '\n',
    ];
    const advice = remedy === undefined ? '' : `    ${remedy}\n`;
    await session.print(masked([...line, advice], session.mask));
  };
}
