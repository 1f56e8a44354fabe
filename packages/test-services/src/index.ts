export { UnsupportedPlatform } from './postgres/binaries.ts';
export type { Certificates } from './postgres/certificates.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres/server.ts';
export type { AnsweredRequest } from './s3/exchange.ts';
export type { Failure, Faults, RequestMatch } from './s3/faults.ts';
export { type ObjectSummary, type S3Options, type S3Server, startS3, type UploadSummary } from './s3/server.ts';
