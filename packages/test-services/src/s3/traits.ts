/** What servers that speak the protocol of S3 do differently; Amazon's own does all of it. */
export interface Traits {
  /** Takes and gives `x-amz-checksum-*`. Without it such a request is NotImplemented. */
  readonly checksums: boolean;
  /** The ETag is the MD5 of the bytes, but for objects that are encrypted with a key of KMS. */
  readonly md5Etags: boolean;
  /** Honours If-Match and If-None-Match of a write, instead of passing over them. */
  readonly conditions: boolean;
  /** Answers a second CompleteMultipartUpload like the first one, instead of with NoSuchUpload. */
  readonly remembersUploads: boolean;
  /** Has DeleteObjects. */
  readonly deletesMany: boolean;
}

export const traitsOfS3: Traits = {
  checksums: true,
  md5Etags: true,
  conditions: true,
  remembersUploads: true,
  deletesMany: true,
};
