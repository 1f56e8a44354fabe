import { type C8Connector, createMask, type Log } from 'c8connector';

/**
 * What a host provides for the functions of this package. They do not use the environment, the working folder or the signals of the process by themselves. Make
 * a new one for each run, or for a program that does one thing: its secrets stay concealed as long as it is used.
 */
export interface Host {
  /** Connectors that need not be installed. A reference to their `packageName` finds them before any that is installed. */
  readonly connectors?: readonly C8Connector[];
  /** Absolute paths of the folders where connector packages are looked up, in this order: in `node_modules` of each and of all folders above. */
  readonly folders: readonly string[];
  /** The variables for `{ $env: NAME }`: `process.env`, or {} when a connection must not read the environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Connectors log here, too. It must mask everything that it writes with {@link Host.mask}. */
  readonly log: Log;
  /** Called with the secrets of a config as soon as they are known. From then on {@link Host.mask} hides them. */
  conceal(secrets: Iterable<string>): void;
  /** The text with each secret replaced by `[secret]`. */
  mask(text: string): string;
}

/** The two functions of a {@link Host} for secrets, in every encoding that `createMask` of the core covers. */
export function createSecretMask(): Pick<Host, 'conceal' | 'mask'> {
  const known = new Set<string>();
  let mask = createMask(known);
  return {
    conceal(secrets) {
      for (const secret of secrets) known.add(secret);
      mask = createMask(known);
    },
    mask: (text) => mask(text),
  };
}
