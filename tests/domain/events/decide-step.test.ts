import { describe, expect, it } from 'vitest'
import { decideStep, type Standing } from '../../../src/domain/events/decide-step.ts'
import type { HbnbEventType } from '../../../src/domain/events/hbnb-events.ts'
import { type Reached, rankOf, reachedBy } from '../../../src/domain/events/lives.ts'
import { randomOf } from '../../chaos/random.ts'

const nothing: Standing = { reacted: [], mirrored: undefined, told: undefined, lastSequence: 0 }

function reached(type: HbnbEventType): Reached {
  const found = reachedBy[type]
  if (!found) throw new Error(`${type} brings nothing to a state`)
  return found
}

function decided(type: HbnbEventType, standing: Partial<Standing>, { sequence = 0, patient = true } = {}): string {
  const decision = decideStep(reached(type), sequence || undefined, { ...nothing, ...standing }, patient)
  return decision.kind === 'react' ? 'react' : `${decision.kind}: ${decision.reason}`
}

describe('without numbers the states decide', () => {
  it.each<[HbnbEventType, Partial<Standing>, string]>([
    ['booking.created', {}, 'react'],
    ['booking.created', { mirrored: 'pending' }, 'react'],
    ['booking.created', { mirrored: 'confirmed' }, 'superseded: too late: already confirmed'],
    ['booking.created', { told: 'cancelled' }, 'superseded: too late: already cancelled'],
    ['booking.confirmed', {}, 'react'],
    ['booking.confirmed', { mirrored: 'confirmed', told: 'confirmed' }, 'react'],
    ['booking.confirmed', { reacted: ['cancelled'] }, 'superseded: too late: already cancelled'],
    ['booking.confirmed', { mirrored: 'completed' }, 'superseded: too late: already completed'],
    ['booking.completed', { mirrored: 'pending', told: 'completed' }, 'wait: it is not confirmed yet'],
    ['booking.completed', { reacted: ['pending', 'confirmed'] }, 'react'],
    ['booking.completed', { mirrored: 'completed' }, 'react'],
    ['booking.completed', { mirrored: 'cancelled' }, 'superseded: too late: already cancelled'],
    ['booking.cancelled', {}, 'react'],
    ['booking.cancelled', { reacted: ['completed'] }, 'react'],
    ['payment.failed', { reacted: ['failed'] }, 'react'],
    ['payment.failed', { reacted: ['succeeded'] }, 'superseded: too late: already succeeded'],
    ['payment.succeeded', { reacted: ['failed'] }, 'react'],
    ['payment.refunded', { mirrored: 'authorized' }, 'wait: it is not succeeded yet'],
    ['payment.refunded', { reacted: ['succeeded', 'refunded'] }, 'react'],
    ['user.registered', {}, 'react'],
  ])('%s with %j', (type, standing, expected) => {
    expect(decided(type, standing)).toBe(expected)
  })

  it('goes on once it has waited long enough', () => {
    expect(decided('booking.completed', { mirrored: 'pending' }, { patient: false })).toBe('react')
  })
})

describe('with numbers', () => {
  it('waits for the one before, and goes on without it in the end', () => {
    const early = { lastSequence: 1 }
    expect(decided('booking.cancelled', early, { sequence: 3 })).toBe('wait: number 3 came, the last was 1')
    expect(decided('booking.cancelled', early, { sequence: 3, patient: false })).toBe('react')
  })

  it('believes its turn more than a mirror that is ahead', () => {
    const ahead = { mirrored: 'cancelled', lastSequence: 1, reacted: ['pending'] }
    expect(decided('booking.confirmed', ahead, { sequence: 2 })).toBe('react')
  })

  it('never goes back, not even in its turn', () => {
    const over = { reacted: ['pending', 'cancelled'], lastSequence: 2 }
    expect(decided('booking.confirmed', over, { sequence: 3 })).toBe('superseded: too late: already cancelled')
  })

  it('leaves the one that was not waited for to the states', () => {
    const late = { reacted: ['confirmed'], lastSequence: 4 }
    expect(decided('booking.created', late, { sequence: 1 })).toBe('superseded: too late: already confirmed')
  })
})

it('holds for any delivery: what is reacted to only goes forward, and an impatient event never waits', () => {
  const random = randomOf(20_261_122)
  const types: HbnbEventType[] = ['booking.created', 'booking.confirmed', 'booking.completed', 'booking.cancelled']
  for (let life = 0; life < 2_000; life += 1) {
    const reacted: string[] = []
    let lastSequence = 0
    for (let event = 0; event < 8; event += 1) {
      const type = types[random.int(0, types.length - 1)] ?? 'booking.created'
      const sequence = random.chance(0.5) ? random.int(1, 8) : undefined
      const patient = random.chance(0.5)
      const step = reached(type)
      const decision = decideStep(step, sequence, { ...nothing, reacted, lastSequence }, patient)
      if (!patient) expect(decision.kind).not.toBe('wait')
      if (decision.kind === 'wait') continue
      lastSequence = Math.max(lastSequence, sequence ?? 0)
      if (decision.kind === 'react') reacted.push(step.state)
    }
    const ranks = reacted.map(state => rankOf(reached('booking.created').life, state))
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
  }
})
