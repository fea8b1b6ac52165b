import { createHash } from 'node:crypto'
import { parse, v7 } from 'uuid'

/** A new job id: a UUIDv7, so that ids sort by time and partitions can be bounded by them (RFC 9562, 5.7). */
export function newJobId(): string {
  return v7()
}

/** The instant inside a UUIDv7, in ms since 1970. */
export function timeOfJobId(id: string): number {
  return Buffer.from(parse(id)).readUIntBE(0, 6)
}

/**
 * The id of a child is a function of its parent and its key, so a rerun of the parent makes the same child.
 * It keeps the parent's time, and with it the parent's partition.
 */
export function childJobId(parentId: string, key: string): string {
  const hash = createHash('sha256').update(`${parentId}\n${key}`).digest()
  return v7({ msecs: timeOfJobId(parentId), seq: hash.readUInt32BE(16), random: hash.subarray(0, 16) })
}
