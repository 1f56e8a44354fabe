import type { C8Error } from 'c8connector';
import { parseCommandLine, type RunCommand } from './command-line.ts';
import type { Session } from './session.ts';

/** A terminal that is closed sends SIGHUP. */
const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** How long the work may take to give up after the forced stage of a stop has begun. */
const releaseMilliseconds = 3000;

let session: Session | undefined;
let signalCode = 0;
let exitCode = 0;

const run: RunCommand = async (load, args) => {
  const { createSession } = await import('./session.ts');
  session = await createSession(args);
  const { stop } = session;
  stop.forced.addEventListener('abort', () =>
    setTimeout(() => process.exit(signalCode || 1), releaseMilliseconds).unref(),
  );
  const command = await load();
  exitCode = await command(args as never, session);
};

/** Prints an error and returns its exit code. */
async function failed(thrown: unknown): Promise<number> {
  const modules = await Promise.all([
    import('./call-error.ts'),
    import('./display/describe.ts'),
    import('./display/shown.ts'),
  ]).catch(() => undefined);
  if (modules === undefined) {
    // A broken installation: the modules that describe errors and escape texts cannot be loaded either.
    process.stderr.write(
      `c8connector: its own modules cannot be loaded: ${String(thrown).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')}\n`,
    );
    return 1;
  }
  const [{ callError }, { describe }, { terminalText }] = modules;
  const error = callError(thrown);
  const mask = session?.mask ?? ((text: string) => text);
  const isDebug = session?.isDebug ?? /--log-level[ =]debug/.test(process.argv.join(' '));
  const text = mask(`c8connector: ${describe(error, isDebug)}`);
  if (session === undefined) process.stderr.write(`${terminalText(text)}\n`);
  else session.say(text);
  return (error as Partial<C8Error>).exitCode ?? 1;
}

for (const [signal, code] of Object.entries(signalCodes)) {
  process.on(signal, () => {
    if (session === undefined) process.exit(code);
    if (signalCode === 0)
      session.say(`c8connector: ${signal}: stopping and saving the state; repeat the signal to stop at once`);
    signalCode ||= code;
    session.stop.request();
  });
}
process.on('uncaughtException', (error) => {
  void failed(error).then((code) => process.exit(signalCode || code));
});
// stderr is closed, so nothing can be reported.
process.stderr.on('error', () => undefined);

try {
  exitCode = (await parseCommandLine(process.argv.slice(2), run)) ?? exitCode;
} catch (error) {
  // After a signal, work ends by an abort, which libraries report under different names.
  if (signalCode === 0) exitCode = await failed(error);
  else session?.log.debug('stopped by a signal', { error: String(error) });
}
process.exit(signalCode || exitCode);
