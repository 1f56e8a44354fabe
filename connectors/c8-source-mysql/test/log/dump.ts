import { type Connection, createConnection } from 'mysql2';
import type { Login } from '../harness.ts';

/** Where a dump begins. */
export interface LogPosition {
  readonly file: string;
  readonly position: number;
}

interface Packet {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly end: number;
  asError(encoding: string): Error;
}

/** What mysql2 offers to a command, and its types lack. */
interface Commanding extends Connection {
  addCommand(command: object): void;
  write(bytes: Uint8Array): void;
  sequenceId: number;
  readonly clientEncoding: string;
}

const dumpCommand = 0x12;
/** The dump ends at the end of the log. */
const nonBlocking = 1;

/** The packets of a dump from a position to the end of the log, each without its first byte. */
export async function dumpLog(
  login: Login,
  { file, position }: LogPosition,
  { checksum = 'CRC32', serverId = 4_000_000_000 + Math.floor(Math.random() * 200_000_000) } = {},
): Promise<Uint8Array[]> {
  const { host, port, user, password } = login;
  const client = createConnection({ host, port, user, password }) as Commanding;
  try {
    for (const sql of [`set @master_binlog_checksum = '${checksum}'`, 'set @mariadb_slave_capability = 4'])
      await client.promise().query(sql);
    const body = Buffer.alloc(11 + Buffer.byteLength(file));
    body.writeUInt8(dumpCommand);
    body.writeUInt32LE(position, 1);
    body.writeUInt16LE(nonBlocking, 5);
    body.writeUInt32LE(serverId, 7);
    body.write(file, 11);
    return await packetsOf(client, body);
  } finally {
    client.destroy();
  }
}

function packetsOf(client: Commanding, body: Buffer): Promise<Uint8Array[]> {
  const packets: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    client.once('error', reject);
    client.addCommand({
      execute(packet: Packet | undefined): boolean {
        if (packet === undefined) {
          const header = Buffer.alloc(4);
          header.writeUIntLE(body.length, 0, 3);
          client.sequenceId = 1;
          client.write(Buffer.concat([header, body]));
          return false;
        }
        const { buffer, offset, end } = packet;
        if (buffer[offset] === 0xff) reject(packet.asError(client.clientEncoding));
        else if (buffer[offset] === 0xfe) resolve(packets);
        else {
          packets.push(Uint8Array.from(buffer.subarray(offset + 1, end)));
          return false;
        }
        return true;
      },
      onResult: reject,
    });
  });
}
