import { reasonWords } from './reason-words.ts'
import type { EffectMoment, StoryMoment } from './story.ts'
import { channelOf, isEarlierEnd, namesIn, stateWords, wordFor } from './story-words.ts'

/** One sentence that says how the whole story stands. */
export function summaryOf(entity: string, moments: readonly StoryMoment[]): string {
  const colon = entity.indexOf(':')
  const subject = `${entity.charAt(0).toUpperCase()}${entity.slice(1, colon)} ${entity.slice(colon + 1)}`
  const verb = moments
    .findLast(moment => moment.kind === 'event')
    ?.type.split('.')
    .at(-1)
  const news = [...effectNews(moments), ...silences(moments), ...failures(moments)]
  const open = openJobs(moments)
  const said = news.length > 0 ? news.join(', ') : open > 0 ? 'under way' : 'nothing had to be sent'
  return [`${subject}${verb ? ` ${verb}` : ''}: ${said}`, ...troubles(moments, open)].join('; ')
}

function effectNews(moments: readonly StoryMoment[]): string[] {
  const latest = new Map<string, EffectMoment>()
  for (const moment of moments) if (moment.lane === 'effects') latest.set(moment.effectId, moment)
  const byChannel = [...Map.groupBy(latest.values(), channelOf)].toSorted(([a], [b]) => placeOf(a) - placeOf(b))
  return byChannel.map(([channel, effects]) => {
    const states = [...Map.groupBy(effects, ({ state }) => state)]
    const said = states.map(([state, same]) =>
      states.length > 1 ? `${same.length} ${stateWords[state]}` : stateWords[state],
    )
    return `${channel} ${said.join(' and ')}`
  })
}

/** The channels in the order people expect; anything else after them. */
function placeOf(channel: string): number {
  const place = ['e-mail', 'SMS', 'push'].indexOf(channel)
  return place === -1 ? 3 : place
}

function silences(moments: readonly StoryMoment[]): string[] {
  return moments
    .flatMap(moment => (moment.kind === 'decision' ? moment.channels : []))
    .flatMap(({ channel, decision, reason }) =>
      decision === 'suppress' ? [`no ${wordFor(channel)} (${reasonWords(reason)})`] : [],
    )
}

function failures(moments: readonly StoryMoment[]): string[] {
  const nameOf = namesIn(moments)
  return moments.flatMap(moment =>
    moment.kind === 'outcome' && (moment.outcome === 'failed' || moment.outcome === 'quarantined')
      ? [`${nameOf(moment.jobId)} ${moment.outcome}`]
      : [],
  )
}

function openJobs(moments: readonly StoryMoment[]): number {
  const count = (kind: StoryMoment['kind']) => moments.filter(moment => moment.kind === kind).length
  return count('accepted') - count('outcome')
}

function troubles(moments: readonly StoryMoment[], open: number): string[] {
  const count = (ending: string) =>
    moments.filter(moment => moment.kind === 'attempt' && moment.ending === ending).length
  const crashes = count('crashed')
  const retries = count('retry')
  const byHand = moments.filter(moment => moment.kind === 'attempt' && isEarlierEnd(moment.ending)).length
  return [
    ...(crashes > 0 ? [`${counted(crashes, 'crash', 'crashes')}${open > 0 ? '' : ' survived'}`] : []),
    ...(retries > 0 ? [counted(retries, 'retry', 'retries')] : []),
    ...(byHand > 0 ? [`${counted(byHand, 'retry', 'retries')} by hand`] : []),
    ...(open > 0 ? [`${counted(open, 'job', 'jobs')} still open`] : []),
  ]
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
