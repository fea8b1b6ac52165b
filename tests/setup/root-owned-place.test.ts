import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rootOwnedPlace } from '../../src/setup/root-owned-place.ts'
import { testFolder } from './processes-of-test.ts'

const NOBODY = { uid: 65_534, gid: 65_534 }
const refused = 'was not made by root, or others may write to it'

function openFolder(): string {
  const folder = testFolder()
  chmodSync(folder, 0o755)
  return folder
}

describe.runIf(process.getuid?.() === 0)("root's place for what the database's user reads", () => {
  test('is made so that all may read and root alone may write', () => {
    const place = join(openFolder(), 'place')
    expect(rootOwnedPlace(NOBODY, place)).toBe(place)
    expect(rootOwnedPlace(NOBODY, place)).toBe(place)
  })

  test('is refused when another user put it there first', () => {
    const place = join(openFolder(), 'place')
    mkdirSync(place)
    chownSync(place, NOBODY.uid, NOBODY.gid)
    expect(() => rootOwnedPlace(NOBODY, place)).toThrow(refused)
  })

  test('is refused when others may write to it', () => {
    const place = join(openFolder(), 'place')
    mkdirSync(place)
    chmodSync(place, 0o777)
    expect(() => rootOwnedPlace(NOBODY, place)).toThrow(refused)
  })

  test('is refused when it is a link', () => {
    const folder = openFolder()
    mkdirSync(join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'place'))
    expect(() => rootOwnedPlace(NOBODY, join(folder, 'place'))).toThrow(refused)
  })

  test('is refused when the way to it is closed', () => {
    expect(() => rootOwnedPlace(NOBODY, join(testFolder(), 'place'))).toThrow('cannot be entered')
  })
})
