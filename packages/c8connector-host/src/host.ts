import { type C8Connector, createMask, type Log } from 'c8connector';

/**
 * What a host brings along for the functions of this package. They read nothing of the process by themselves: no environment, no working folder, no signals. Make
 * a new one for each run, or for a program that does one thing: what it conceals stays concealed as long as it is used.
 */
export interface Host {
  /** Connectors that need not be installed. A reference to their `packageName` finds them before any that is installed. */
  readonly connectors?: readonly C8Connector[];
  /** Where packages of connectors are looked up, in this order: in `node_modules` of these folders and of all folders above them. Absolute paths. */
  readonly folders: readonly string[];
  /** What `{ $env: NAME }` stands for: `process.env`, or {} when a connection must not read the environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Connectors log here, too. It must pass what it writes through {@link Host.mask}. */
  readonly log: Log;
  /** Called with the secrets of a config as soon as they are known. From then on {@link Host.mask} hides them. */
  conceal(secrets: Iterable<string>): void;
  /** The text with `[secret]` in the place of each secret. */
  mask(text: string): string;
}

/** The two functions of a {@link Host} for secrets, in every encoding that `createMask` of the core knows. */
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
