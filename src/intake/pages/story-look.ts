import type { AttemptMoment, EffectMoment, OutcomeMoment, StoryMoment } from '../../ledger/story.ts'

/** What a stretch of a track and the words beside its end look like; every look also has its own sign. */
export type Look = 'good' | 'bad' | 'again' | 'held' | 'still' | 'going'

const attemptLooks: Readonly<Record<NonNullable<AttemptMoment['ending']>, Look>> = {
  retry: 'again',
  'not-yet': 'held',
  busy: 'held',
  'handed-back': 'held',
  parked: 'held',
  crashed: 'bad',
  lost: 'bad',
  failed: 'bad',
  quarantined: 'bad',
  cancelled: 'still',
}

const outcomeLooks: Readonly<Record<OutcomeMoment['outcome'], Look>> = {
  completed: 'good',
  skipped: 'still',
  cancelled: 'still',
  failed: 'bad',
  quarantined: 'bad',
}

const effectLooks: Readonly<Record<EffectMoment['state'], Look>> = {
  accepted: 'good',
  rejected: 'bad',
  unknown: 'held',
  sending: 'going',
  reserved: 'still',
}

/** Null for a moment at which nothing ended. */
export function lookOf(moment: StoryMoment): Look | null {
  if (moment.kind === 'outcome') return outcomeLooks[moment.outcome]
  if (moment.kind === 'attempt') return moment.ending === null ? 'going' : attemptLooks[moment.ending]
  if (moment.kind === 'unknown') return 'held'
  if (moment.kind === 'settled') return effectLooks[moment.state]
  return null
}

/** How an effect's line looks as a whole: as it stands now. */
export function effectLook({ state }: EffectMoment): Look {
  return effectLooks[state]
}
