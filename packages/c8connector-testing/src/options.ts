import type {
  C8Connector,
  IntegrationConnector,
  Row,
  SourceConnector,
  TargetConnector,
  ValueSchema,
} from 'c8connector';
import type { ChangesBackend } from './source/changes/changes-backend.ts';

/** A class that takes no argument, or a function that makes a connector. */
export type ConnectorMaker<C> = (new () => C) | (() => C);

interface TestOptions<C> {
  readonly connector: ConnectorMaker<C>;
  /** A config that works, or a function that prepares one; called once. */
  readonly config: object | (() => object | Promise<object>);
  /**
   * How to make the config refuse to log in: names of the properties to spoil, each alone, or what to lay over the config. Left out: each secret property that the
   * config gives.
   */
  readonly wrongPassword?: string | readonly string[] | Readonly<Record<string, unknown>>;
  /**
   * What to lay over the config so that nobody answers at its address, or, as a function, so that a server of the kit does. Left out: the properties that are named
   * like a host, a port or a URL, or hold a URL.
   */
  readonly unreachable?:
    | Readonly<Record<string, unknown>>
    | ((address: { readonly host: string; readonly port: number }) => Readonly<Record<string, unknown>>);
  /** All that the other side holds, in any form; called before the first call of the connector and after others, which must not change it. */
  readonly snapshot?: () => unknown;
  /** Folder of the connector's package, such as `new URL('..', import.meta.url)`: its `bin` is the program to run; `about.json` and `README.md` are in it. */
  readonly packageFolder?: URL | string;
  /** JavaScript file of the connector's program, when it is not the `bin` of `packageFolder`. */
  readonly program?: URL | string;
  /** Checks that do not apply: number to reason. The reason is printed. */
  readonly skip?: Readonly<Record<number, string>>;
}

/** What `testSource` needs: a simple source gives `connector` and `config`, and one with a program `packageFolder`. */
export interface SourceTestOptions extends TestOptions<SourceConnector> {
  /** Ids of the streams that are read; all when left out. They are read twice, whole. */
  readonly streams?: readonly string[];
  /** Id of a stream without rows. Left out: one that turns out to be empty. */
  readonly emptyStream?: string;
  /** Rows of a stream that are read at most, about; 150 when left out. Checks that compare whole streams leave out those that hold more. */
  readonly recordCap?: number;
  /** Rows by stream id that must be among those that are read, digit by digit: columns that a row leaves out may hold anything. */
  readonly expected?: Readonly<Record<string, readonly Row[]>>;
  /** Command line of a Singer target built on the Python SDK, such as `/opt/venv/bin/target-jsonl`. It is fed what a full read gives, in an empty folder, and must exit 0. */
  readonly singerTarget?: string;
  /** How to change tables of the service, for a source that follows its change log. Each check makes tables of its own; they need not be among `streams`. */
  readonly changes?: ChangesBackend;
}

/** What `testTarget` needs: `connector`, `config` and `readBack`, and one with a program `packageFolder`. */
export interface TargetTestOptions extends TestOptions<TargetConnector> {
  /** All rows that the target now holds of a stream, in any order; [] for a stream that is not there, since the checks also ask for what was refused. Reads what programs wrote, too. */
  readonly readBack: (stream: string) => Promise<readonly Row[]> | readonly Row[];
  /** What becomes of a second record with the same key: `append-only` keeps both (the default), `upsert` the last. */
  readonly loadMethod?: 'append-only' | 'upsert';
  /** Whether ACTIVATE_VERSION removes the rows of older versions, so that `readBack` gives only the newest; false when left out. */
  readonly activateVersion?: boolean;
  /** Whether a row with `_sdc_deleted_at` removes the row of its key; false when left out: it is stored with its mark. */
  readonly hardDelete?: boolean;
  /** A row that the service refuses, where the target leaves such a row out, passes it to `onRejected` and goes on; `good` is one that is stored. */
  readonly badRow?: {
    readonly properties: Readonly<Record<string, ValueSchema>>;
    readonly good: Row;
    readonly bad: Row;
  };
}

/** What `testIntegration` needs: `connector`, `config` and `calls`, and one with a program `packageFolder`. */
export interface IntegrationTestOptions extends TestOptions<IntegrationConnector> {
  /** Inputs by the name of their action, of calls that may really be made, several times each. Rows become calls of the first action. */
  readonly calls?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whether the example of each action that `calls` does not name may be called as well; false when left out. */
  readonly allowExamples?: boolean;
  /** How many calls of actions have reached the service so far, those that it refused too. A login is not one, nor is what an action asks before it acts. With it the checks see what was sent, not only what was said. */
  readonly callsMade?: () => number | Promise<number>;
}

/** Whether a config gives a value for a property: '' and null count as nothing. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Makes a connector, whether from a class or from a function. */
export function makeConnector<C extends C8Connector>(maker: ConnectorMaker<C>): C {
  // Arrow functions have no prototype; a plain function that returns an object may be called with `new` as well.
  const isArrow = maker.prototype === undefined;
  return isArrow ? (maker as () => C)() : new (maker as new () => C)();
}
