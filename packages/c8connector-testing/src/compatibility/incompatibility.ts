/** Something that was allowed before and no longer is. */
export interface Incompatibility {
  readonly property: string;
  /** What a config that was good before runs into, and how to keep it good. */
  readonly problem: string;
}
