/** What a stream remembers: plain JSON, whose shape its source owns. */
export type Bookmark = Readonly<Record<string, unknown>>;

/** Singer's state. Keys that are not known here are carried along unchanged. */
export interface State {
  /** The stream that an unfinished run was reading; null or absent once a run has finished. */
  readonly currently_syncing?: string | null;
  readonly bookmarks?: Readonly<Record<string, Bookmark>>;
  readonly [key: string]: unknown;
}
