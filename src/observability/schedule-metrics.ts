import { Counter, type Registry } from 'prom-client'

/** What a process that makes ticks counts by itself. `schedule` is a contract's name, or `api` for all that callers made. */
export interface ScheduleMetrics {
  readonly ticks: Counter<'schedule' | 'decision'>
  readonly overlapAlarms: Counter<'schedule'>
}

export function scheduleMetrics(registry: Registry): ScheduleMetrics {
  const registers = [registry]
  return {
    ticks: new Counter({
      name: 'hbnb_jobs_schedule_ticks_total',
      help: 'Slots of schedules by what was decided.',
      labelNames: ['schedule', 'decision'],
      registers,
    }),
    overlapAlarms: new Counter({
      name: 'hbnb_jobs_schedule_overlap_alarms_total',
      help: 'Schedules that skipped several slots in a row because a run would not end.',
      labelNames: ['schedule'],
      registers,
    }),
  }
}
