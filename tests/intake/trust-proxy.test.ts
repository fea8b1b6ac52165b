import { expect, test } from 'vitest'
import { networkOf } from '../../src/intake/http/network-of.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const caller = { 'x-forwarded-for': '198.51.100.1, 203.0.113.77' }

async function withIntake(trust: string, use: (intake: TestIntake) => Promise<void>): Promise<void> {
  const intake = await startIntake({ TRUST_PROXY: trust })
  try {
    await use(intake)
  } finally {
    await intake.close()
  }
}

test.each([
  ['none', '127.0.0.0/24'],
  ['1', '203.0.113.0/24'],
  ['loopback', '203.0.113.0/24'],
  ['loopback,203.0.113.0/24', '198.51.100.0/24'],
])('with TRUST_PROXY=%s the log knows a caller from %s, and no whole address', async (trust, network) => {
  await withIntake(trust, async intake => {
    await intake.send('GET', '/healthz', undefined, caller)
    await expect.poll(intake.logged).toContain(`"from":"${network}"`)
    expect(intake.logged()).not.toMatch(/203\.0\.113\.77|198\.51\.100\.1\b/)
  })
})

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:abcd:12::1', '2001:db8:abcd::/48'],
  ['2001:db8::7', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['nonsense', undefined],
  [undefined, undefined],
])('%s is in the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
