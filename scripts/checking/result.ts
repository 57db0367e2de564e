// What one of the checks found.
export interface CheckResult {
  /** A sentence that is true where the check passes. */
  readonly name: string;
  readonly passed: boolean;
  /** What to read where it fails. */
  readonly report: string;
}
