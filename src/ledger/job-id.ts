import { createHash, randomFillSync } from 'node:crypto'
import { parse, v7 } from 'uuid'

const randomBytesPerId = 16
/** Asking the kernel for each id took a twelfth of the intake's time. */
const idsPerPool = 256
const pool = new Uint8Array(randomBytesPerId * idsPerPool)
const maxSeq = 0xff_ff_ff_ff
let poolAt = pool.length
let lastMs = 0
let seq = 0

/**
 * A new job id: a UUIDv7, so that ids sort by time and partitions can be bounded by them (RFC 9562, 5.7). Those of one
 * process rise, also within a millisecond, by a counter that begins anywhere in its lower half (6.2, method 1).
 */
export function newJobId(): string {
  if (poolAt === pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  const random = pool.subarray(poolAt, poolAt + randomBytesPerId)
  poolAt += randomBytesPerId
  const nowMs = Date.now()
  if (nowMs > lastMs) {
    lastMs = nowMs
    seq = (random[6] ?? 0) * 0x80_00_00 + (random[7] ?? 0) * 0x1_00_00 + (random[8] ?? 0) * 0x1_00
  } else if (seq < maxSeq) {
    seq += 1
  } else {
    lastMs += 1
    seq = 0
  }
  return v7({ msecs: lastMs, seq, random })
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
