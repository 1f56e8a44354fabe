/** One thing that is wrong with a config. */
export interface ConfigProblem {
  /** Path of the property, `columns[2]` inside a list. */
  readonly property: string;
  /** What is wrong, and what would be right. Never holds the value of a secret. */
  readonly message: string;
}
