import { invalidAnswer, largestRow } from 'c8connector-sql';
import type { Driver } from './driver.ts';
import { errorPacket } from './result-set.ts';

/** The most bytes of a packet of the login: the longest one has a public key. */
const loginPacketBytes = 64 * 1024;
const partBytes = 0xffffff;

/** How far a login got. */
export interface Login {
  isDone: boolean;
  /** Whether TLS is being negotiated: until then nothing that came without it counts. */
  isNegotiating: boolean;
}

/** The error of a row that is larger than a row may be, while it arrives. */
export class PacketTooLarge extends Error {
  readonly code = 'PROTOCOL_PACKET_TOO_LARGE';
  /** The bytes that came so far, and those of the announced part. */
  readonly bytes: number;

  constructor(bytes: number) {
    super(`a packet of more than ${largestRow / 1e6} MB`);
    this.bytes = bytes;
  }
}

/**
 * Stands between the parser of mysql2 and its commands: mysql2 only prints a warning about a packet out of order, takes packets of any size, and believes what came before TLS. After the first
 * invalid packet nothing is passed on: the connection is destroyed with an error `server_answer_invalid`. Call this before the first packet. Returns a check of the parts of a large packet, for each arrival of bytes,
 * since they are collected before there is a packet.
 */
export function guardPackets(driver: Driver, login: Login): () => void {
  const { packetParser } = driver;
  const pass = packetParser.onPacket;
  let isRefused = false;

  function refuse(found: string): void {
    isRefused = true;
    driver.stream.destroy(invalidAnswer(found));
  }

  packetParser.onPacket = (packet) => {
    if (isRefused || driver.stream.destroyed) return;
    const size = packet.end - packet.offset;
    if (login.isNegotiating) refuse('a packet before the end of the TLS handshake');
    else if (!login.isDone && size > loginPacketBytes) refuse(`a packet of ${size} bytes during the login`);
    else if (packet.buffer[packet.offset] !== errorPacket && !driver._command)
      refuse('a packet after the end of the answer');
    // Servers number the errors of their own accord in several ways.
    else if (packet.buffer[packet.offset] === errorPacket) packet.sequenceId = driver.sequenceId;
    else if (packet.sequenceId !== driver.sequenceId)
      refuse(`the packet ${packet.sequenceId} came instead of ${driver.sequenceId}`);
    if (!isRefused) pass(packet);
  };

  return () => {
    const { largePacketParts, length } = packetParser;
    const bytes = largePacketParts.length * partBytes + length;
    if (!login.isDone && bytes > loginPacketBytes) refuse(`a packet of ${bytes} bytes during the login`);
    if (bytes > largestRow && !isRefused) {
      isRefused = true;
      driver.stream.destroy(new PacketTooLarge(bytes));
    }
  };
}
