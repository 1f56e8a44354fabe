/** Microseconds from 1970 to 2000, where PostgreSQL's clock begins. */
const epoch = 946_684_800_000_000n;

/** Bytes before the data of the log: a letter, and three numbers of eight bytes. */
const dataHeader = 25;

/** A piece of the log, from the output plugin. */
export interface LogData {
  readonly kind: 'data';
  readonly body: Buffer;
}

/** Everything in the log before `end` has been sent. */
export interface Keepalive {
  readonly kind: 'keepalive';
  readonly end: bigint;
  /** The server ends the connection unless it gets a status update soon. */
  readonly wantsReply: boolean;
}

/** What a server sends while a log is followed (section "Streaming Replication Protocol" of PostgreSQL's documentation); undefined if the message is neither. */
export function readStandbyMessage(body: Buffer): LogData | Keepalive | undefined {
  const letter = body[0];
  if (letter === 0x77 && body.length >= dataHeader) return { kind: 'data', body: body.subarray(dataHeader) };
  if (letter === 0x6b && body.length === 18) {
    const end = body.readBigUInt64BE(1);
    return { kind: 'keepalive', end, wantsReply: body[17] === 1 };
  }
  return undefined;
}

/**
 * The status update of a standby: up to where it has received the log, and up to where everything is durable, so that the server may remove that part. 0 for `durable` reports nothing. Asks for a keepalive.
 */
export function statusUpdate(received: bigint, durable: bigint): Buffer {
  const message = Buffer.alloc(5 + 34);
  message.write('d', 0, 'latin1');
  message.writeUInt32BE(4 + 34, 1);
  message.write('r', 5, 'latin1');
  message.writeBigUInt64BE(received, 6);
  message.writeBigUInt64BE(durable, 14);
  message.writeBigUInt64BE(durable, 22);
  message.writeBigInt64BE(BigInt(Date.now()) * 1000n - epoch, 30);
  message[38] = 1;
  return message;
}
