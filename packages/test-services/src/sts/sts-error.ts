/** An answer of the errors that AWS documents for STS. */
export class StsError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'StsError';
    this.status = status;
    this.code = code;
  }
}
