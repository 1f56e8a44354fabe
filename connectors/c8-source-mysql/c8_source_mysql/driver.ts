import type { Socket } from 'node:net';
import type { Connection as Client } from 'mysql2';

/** A packet of the server, as mysql2 passes it on: its content is in `buffer` from `offset` to `end`, during the call only. */
export interface Packet {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly end: number;
  /** The number of the packet in its answer; for one of more than 16 MB, of its first part. */
  sequenceId: number;
  asError(encoding: string): Error;
}

/** A command of mysql2, which handles the rest of the protocol: the command owns the connection from its turn until it is over. */
export interface Command {
  /** Called when it is the turn of the command, without a packet, and then with each one. Returns whether the command is over. */
  execute(packet: Packet | undefined, driver: Driver): boolean;
  /** Called when the connection breaks. */
  onResult(error: Error): void;
}

/** What mysql2 offers, and its types lack. */
export interface Driver extends Client {
  stream: Socket;
  readonly packetParser: PacketParser;
  addCommand(command: Command): void;
  write(bytes: Uint8Array): void;
  /** Called by mysql2 when the server has agreed to TLS, and before it sends user and password. */
  startTLS(onSecure: (error?: Error) => void): void;
  _handleNetworkError(error: Error): void;
  /** The command that owns the connection, if there is one. */
  readonly _command?: unknown;
  /** The number that the next packet must have. */
  sequenceId: number;
  readonly clientEncoding: string;
  /** Whether definitions of columns have the extended metadata of MariaDB. */
  readonly _mariadbExtendedMetadata: boolean;
}

/** Cuts what arrives into packets. */
interface PacketParser {
  onPacket(packet: Packet): void;
  /** Is `executeStart` unless the beginning of a packet has come. */
  execute(bytes: Uint8Array): void;
  executeStart(bytes: Uint8Array): void;
  /** The announced bytes of the last packet or part whose header has come. */
  readonly length: number;
  /** Collected parts of 16 MB of a packet that is not complete. */
  readonly largePacketParts: readonly Uint8Array[];
}

export function driverOf({ client }: { readonly client: Client }): Driver {
  return client as Driver;
}

/** Whether the beginning of a packet waits for its rest. */
export function hasRest({ packetParser }: Pick<Driver, 'packetParser'>): boolean {
  return packetParser.execute !== packetParser.executeStart || packetParser.largePacketParts.length > 0;
}

const queryCommand = 0x03;
/** Bytes of the text of a query that fit into one packet. */
const longestQuery = 0xffffff - 2;

/** Sends a query, whose answer comes in the packets that follow. */
export function sendQuery(driver: Driver, text: string): void {
  const size = 1 + Buffer.byteLength(text);
  if (size > longestQuery) throw new RangeError(`A query of ${size} bytes is longer than ${longestQuery}.`);
  const message = Buffer.alloc(4 + size);
  message.writeUIntLE(size, 0, 3);
  message[4] = queryCommand;
  message.write(text, 5);
  driver.sequenceId = 1;
  driver.write(message);
}
