import { ConfigError } from 'c8connector';

/** Translates an error of a server that cannot send its log with wal2json; others are passed on unchanged. */
export function wal2jsonError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = remedyOf(message);
  if (remedy === undefined) return error;
  return new ConfigError(`The server cannot write its log with wal2json: ${message}.`, {
    code: 'method_unsupported',
    remedy,
    cause: error,
    details: { property: 'plugin' },
  });
}

function remedyOf(message: string): string | undefined {
  if (/could not access file "wal2json"/.test(message))
    return 'Install it on the server (such as the package postgresql-17-wal2json), or set plugin to pgoutput, which every server has.';
  if (/"wal2json" may not be used as an output plugin/.test(message))
    return `Run ALTER SYSTEM SET output_plugin_libraries = 'pgoutput, test_decoding, wal2json'; SELECT pg_reload_conf(); or set plugin to pgoutput.`;
  if (/option "include-type-oids" = .* is unknown|format-version/.test(message))
    return 'Update wal2json on the server to 2.4 or newer, or set plugin to pgoutput.';
  return undefined;
}
