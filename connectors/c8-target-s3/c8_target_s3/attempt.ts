/** The attempted request, for the message of an error. */
export interface Attempt {
  /** S3's name for the operation: `PutObject`. */
  readonly operation: string;
  /** The permission that it needs: `s3:PutObject`. */
  readonly right: string;
  readonly bucket: string;
  readonly key?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** The account that must own the bucket. */
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
