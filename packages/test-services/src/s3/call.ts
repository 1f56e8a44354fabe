import type { Readable } from 'node:stream';
import type { Incoming } from './body.ts';
import type { ObjectStore } from './object-store.ts';
import type { XmlElement } from './xml.ts';

/** An authorized request on its way to its operation. */
export interface Call extends Incoming {
  readonly store: ObjectStore;
  readonly region: string;
  /** Whether the test server denies a permission such as `s3:ListBucket` on the bucket of this request. */
  readonly denied: (permission: string) => boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: XmlElement | Readable;
}

export type Operation = (call: Call) => Answer | Promise<Answer>;
