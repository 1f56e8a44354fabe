/** What was tried, for the message of an error. */
export interface Attempt {
  /** S3's name of the call: `PutObject`. */
  readonly operation: string;
  /** The right that the call needs: `s3:PutObject`. */
  readonly right: string;
  readonly bucket: string;
  readonly key?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** The account that the bucket is to belong to. */
  readonly owner?: string | undefined;
}

/** `lake/dev/orders/x.parquet`, or the bucket alone. */
export function placeOf({ bucket, key }: Attempt): string {
  return key === undefined ? bucket : `${bucket}/${key}`;
}

/** Where the requests go. */
export function addressOf({ endpoint, region }: Attempt): string {
  return endpoint ?? (region === undefined ? 'AWS' : `AWS in ${region}`);
}
