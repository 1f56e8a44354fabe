// Takes about 8 s.
import { describe, expect, test } from 'vitest';
import { binlogDecoder } from '../../c8_source_mysql/log/binlog/binlog-decoder.ts';
import type { LogEvent } from '../../c8_source_mysql/log/binlog/events.ts';
import {
  configOf,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type ServerName,
  sharedServer,
} from '../harness.ts';
import { loggedRows } from './logged-rows.ts';
import { packetsOf } from './own-log.ts';
import { loadRecording } from './recordings.ts';

/** An event without a checksum. */
function eventOf(type: number, content: Uint8Array, { next = 1000, flags = 0 } = {}): Uint8Array {
  const bytes = Buffer.alloc(19 + content.length);
  bytes.writeUInt8(type, 4);
  bytes.writeUInt32LE(1, 5);
  bytes.writeUInt32LE(bytes.length, 9);
  bytes.writeUInt32LE(next, 13);
  bytes.writeUInt16LE(flags, 17);
  bytes.set(content, 19);
  return bytes;
}

function decoded(flavour: ServerName, packet: Uint8Array): readonly LogEvent[] {
  return [...binlogDecoder({ flavour }).take(packet)];
}

const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};

describe('an event that servers rarely send', () => {
  test('is a heartbeat, whose position may be beyond 4 GB', () => {
    const file = Buffer.from('bin.000007');
    expect(decoded('MySQL', eventOf(27, file))).toMatchObject([
      { kind: 'heartbeat', file: 'bin.000007', position: 1000 },
    ]);
    const beyond = Buffer.concat([u64(5_000_000_000n), file]);
    expect(decoded('MariaDB', eventOf(27, beyond, { next: 0 }))).toMatchObject([
      { kind: 'heartbeat', file: 'bin.000007', position: 5_000_000_000 },
    ]);
    const fields = Buffer.concat([
      Buffer.from([1, file.length]),
      file,
      Buffer.from([2, 9, 0xfe]),
      u64(5_000_000_000n),
      Buffer.from([0]),
    ]);
    expect(decoded('MySQL', eventOf(41, fields))).toMatchObject([
      { kind: 'heartbeat', file: 'bin.000007', position: 5_000_000_000 },
    ]);
  });

  test('is refused if it is unknown, unless the server says that it may be ignored', () => {
    expect(() => decoded('MariaDB', eventOf(172, Buffer.alloc(20)))).toThrow(
      /the event of type 172 before the position 1000/,
    );
    expect(decoded('MySQL', eventOf(99, Buffer.alloc(20), { flags: 0x80 }))).toMatchObject([
      { kind: 'other', type: 99 },
    ]);
  });

  test('says that changes are lost', () => {
    expect(() => decoded('MySQL', eventOf(26, Buffer.from([1, 0, 0])))).toThrowError(
      expect.objectContaining({ code: 'log_position_lost' }),
    );
  });

  test('refuses a column of a collation that is unknown', () => {
    const { server, packets, tables } = loadRecording('mysql');
    const texts = tables.filter(({ name }) => name === 'texts');
    const unknown = packets.map((packet) => Uint8Array.from(packet));
    expect(() => loggedRows(server, unknown.map(withUnknownCollation), texts)).toThrow(
      /its collation 999 is not known/,
    );
  });
});

/** Replaces utf8mb4_0900_ai_ci, the collation of most texts, by one that no server has. */
function withUnknownCollation(packet: Uint8Array): Uint8Array {
  if (packet[4] === 15) {
    const bytes = Uint8Array.from(packet);
    bytes[bytes.length - 5] = 0;
    return bytes;
  }
  if (packet[4] !== 19) return withoutChecksum(packet);
  const bytes = withoutChecksum(packet);
  const at = Buffer.from(bytes).indexOf(Buffer.from([0xfc, 0xff, 0x00]), 60);
  if (at > 0) bytes.set([0xfc, 0xe7, 0x03], at);
  return bytes;
}

function withoutChecksum(packet: Uint8Array): Uint8Array {
  const bytes = Buffer.from(packet.subarray(0, packet.length - 4));
  bytes.writeUInt32LE(bytes.length, 9);
  return bytes;
}

describeServers('a large transaction', (server) => {
  test('is decoded whole when it is compressed', async () => {
    const login = await createDatabase(sharedServer(server), [
      'create table t (id int primary key, a varchar(200), b blob)',
    ]);
    const count = 20_000;
    const packets = await packetsOf(server, login, () =>
      execute(
        login,
        ...(server === 'MySQL'
          ? ['set binlog_transaction_compression = ON', `set cte_max_recursion_depth = ${count}`]
          : [`set max_recursive_iterations = ${count}`]),
        `insert into t with recursive n (id) as (select 1 union all select id + 1 from n where id < ${count}) select id, concat(sha2(id, 512), id), repeat(char(id % 256), id % 300) from n`,
      ),
    );
    const config = configOf(login);
    const [table] = await discoverAll(config);
    if (table === undefined) throw new Error('no table');
    const logged = loggedRows(server, packets, [{ ...table, name: 't', database: login.database }]).get('t') ?? [];
    expect(logged.map(({ after }) => Number(/"id":(\d+)/.exec(after ?? '')?.[1]))).toEqual(
      Array.from({ length: count }, (_, index) => index + 1),
    );
  }, 60_000);
});
