/**
 * Opens the transaction that everything is read in: one snapshot, no write, no time limit, and the settings that the converters of
 * values rely on; every scan begins at the table's first row, so that two samples are alike. Local to the transaction, so that it works behind a transaction pooler too. The last one ends the query of a reader that has
 * gone away, where the platform of the server can notice it.
 */
export const openTransaction = `
begin transaction isolation level repeatable read, read only;
set local client_encoding = 'UTF8';
set local timezone = 'UTC';
set local datestyle = 'ISO';
set local intervalstyle = 'iso_8601';
set local extra_float_digits = 3;
set local bytea_output = 'hex';
set local lc_monetary = 'C';
set local synchronize_seqscans = off;
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
select set_config('client_connection_check_interval', '1s', true) where version() like '%linux%';
`;
