/** What became of one check. Texts are masked. */
export interface SingerResult {
  readonly number: number;
  readonly title: string;
  /** `warned`: it keeps Singer's protocol, and breaks a rule of ours. */
  readonly status: 'passed' | 'warned' | 'failed' | 'skipped';
  readonly milliseconds: number;
  readonly findings: readonly SingerFinding[];
  /** Why it is skipped. */
  readonly reason?: string;
}

/** A rule that a program broke: an `error` of Singer's protocol, or a `warning` for a rule of ours. */
/** A rule that is broken. */
export interface SingerFinding {
  /** `error` breaks Singer's protocol, `warning` only a rule of ours. */
  readonly severity: 'error' | 'warning';
  readonly expected: string;
  readonly found: string;
  /** Where the author of the program should look. */
  readonly where: string;
}
