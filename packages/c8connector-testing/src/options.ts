import type {
  C8Connector,
  IntegrationConnector,
  Row,
  SourceConnector,
  TargetConnector,
  ValueSchema,
} from 'c8connector';
import type { ChangesBackend } from './source/changes/changes-backend.ts';

/** A class whose constructor takes no argument, or a function that makes a connector. */
export type ConnectorMaker<C> = (new () => C) | (() => C);

interface TestOptions<C> {
  readonly connector: ConnectorMaker<C>;
  /** A config that works, or a function that prepares one; called once. */
  readonly config: object | (() => object | Promise<object>);
  /**
   * How to make the login fail: names of the properties to spoil, each alone, or values that replace those of the config. When left out: each secret property in the
   * config.
   */
  readonly wrongPassword?: string | readonly string[] | Readonly<Record<string, unknown>>;
  /**
   * Values that replace those of the config so that nothing answers at its address, or a function that returns them for the address of a server of the kit. When left out: the properties that are
   * named like a host, a port or a URL, or that contain a URL.
   */
  readonly unreachable?:
    | Readonly<Record<string, unknown>>
    | ((address: { readonly host: string; readonly port: number }) => Readonly<Record<string, unknown>>);
  /** Everything that the service contains, in any form. Called before the first call of the connector, and after calls that must not change it. */
  readonly snapshot?: () => unknown;
  /** Folder of the connector's package, such as `new URL('..', import.meta.url)`: its `bin` is the program to run; `about.json` and `README.md` are in it. */
  readonly packageFolder?: URL | string;
  /** JavaScript file of the connector's program, when it is not the `bin` of `packageFolder`. */
  readonly program?: URL | string;
  /** Checks to skip, by number, with the reason, which is printed. */
  readonly skip?: Readonly<Record<number, string>>;
}

/** What `testSource` needs: a simple source needs `connector` and `config`, and one with a program also `packageFolder`. */
export interface SourceTestOptions extends TestOptions<SourceConnector> {
  /** Ids of the streams that are read; all when left out. */
  readonly streams?: readonly string[];
  /** Id of a stream without rows. When left out: one that turns out to be empty. */
  readonly emptyStream?: string;
  /** Approximately the most rows of a stream that are read; 150 when left out. Checks that compare whole streams skip those with more. */
  readonly recordCap?: number;
  /** Rows, by stream id, that must be read with exactly these values. Columns that are left out may have any value. */
  readonly expected?: Readonly<Record<string, readonly Row[]>>;
  /** Command line of a Singer target built on the Python SDK, such as `/opt/venv/bin/target-jsonl`. It receives the messages of a full read, in an empty folder, and must exit with 0. */
  readonly singerTarget?: string;
  /** How to change tables of the service, for a source that follows its log. Each check creates its own tables; they need not be among `streams`. */
  readonly changes?: ChangesBackend;
}

/** What `testTarget` needs: `connector`, `config` and `readBack`; a target with a program also `packageFolder`. */
export interface TargetTestOptions extends TestOptions<TargetConnector> {
  /** All rows of a stream that are stored in the target now, in any order, including those that programs wrote; [] for a stream that does not exist, since refused streams are requested too. */
  readonly readBack: (stream: string) => Promise<readonly Row[]> | readonly Row[];
  /** How a second record with the same key is stored: `append-only` keeps both (the default), `upsert` only the last. */
  readonly loadMethod?: 'append-only' | 'upsert';
  /** Whether ACTIVATE_VERSION removes the rows of older versions, so that `readBack` returns only the newest; false when left out. */
  readonly activateVersion?: boolean;
  /** Whether a row with `_sdc_deleted_at` removes the row with its key; false when left out: it is stored with this column. */
  readonly hardDelete?: boolean;
  /** For a target that passes refused rows to `onRejected` and continues: a row that the service refuses, and `good`, a row that is stored. */
  readonly badRow?: {
    readonly properties: Readonly<Record<string, ValueSchema>>;
    readonly good: Row;
    readonly bad: Row;
  };
}

/** What `testIntegration` needs: `connector`, `config` and `calls`; an integration with a program also `packageFolder`. */
export interface IntegrationTestOptions extends TestOptions<IntegrationConnector> {
  /** Inputs of calls that the kit may make, several times each, by the name of their action. Rows become calls of the first action. */
  readonly calls?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whether actions that `calls` does not name may be called with their example; false when left out. */
  readonly allowExamples?: boolean;
  /** How many calls of actions have reached the service so far, including refused ones, but not logins or queries that an action makes first. With it, checks see what was sent, not only what was reported. */
  readonly callsMade?: () => number | Promise<number>;
}

/** Whether a config has a value for a property: '' and null do not count. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Makes a connector, whether from a class or from a function. */
export function makeConnector<C extends C8Connector>(maker: ConnectorMaker<C>): C {
  // Arrow functions have no prototype; a plain function that returns an object may be called with `new` as well.
  const isArrow = maker.prototype === undefined;
  return isArrow ? (maker as () => C)() : new (maker as new () => C)();
}
