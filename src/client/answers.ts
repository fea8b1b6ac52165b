// Written from the API's description by `vitest run -u --project unit tests/client/generated.test.ts`; do not edit.
/* oxlint-disable max-lines */

type DryRun = {
  readonly dry_run: true
  readonly name: string
  /** as the contract reads it, with its defaults */
  readonly payload: Readonly<Record<string, unknown>>
  readonly options: {
    readonly run_at: string | null
    readonly priority: number
    readonly expires_at: string | null
    readonly tenant: string
    readonly entity: string | null
    readonly tags: readonly string[]
    readonly batch: string | null
  }
  readonly durability: 'ledger' | 'queue'
}

type JobState =
  | 'scheduled'
  | 'waiting'
  | 'active'
  | 'retrying'
  | 'parked'
  | 'completed'
  | 'skipped'
  | 'failed'
  | 'cancelled'
  | 'quarantined'

type StoredError = {
  readonly name: string
  readonly code: string | null
  readonly message: string
}

type JobLinks = {
  readonly self: string
  readonly events: string
}

type Job = {
  readonly id: string
  readonly name: string
  readonly state: JobState
  /** attempts that counted */
  readonly attempts: number
  readonly accepted_at: string
  readonly run_at: string
  /** when it is looked at next */
  readonly next_at: string | null
  readonly finished_at: string | null
  readonly result: unknown
  /** why it was skipped or cancelled */
  readonly reason: string | null
  readonly error: StoredError | null
  readonly entity: string | null
  readonly tags: readonly string[]
  readonly tenant: string
  /** made with a test key: whatever it sends goes to the sandbox */
  readonly test: boolean
  /** the batch it is counted in */
  readonly batch: string | null
  /** how far the job says it is, while it is open */
  readonly progress: {
    readonly done: number
    readonly total: number
    readonly message?: string
  } | null
  readonly effects: readonly {
    readonly key: string
    readonly provider: string
    readonly state: 'reserved' | 'sending' | 'accepted' | 'rejected' | 'unknown'
    readonly provider_id: string | null
    /** how often it was handed to the provider */
    readonly sends: number
  }[]
  readonly children: readonly {
    readonly id: string
    readonly name: string
    readonly state: JobState
  }[]
  readonly attempts_log: readonly {
    readonly attempt: number
    /** retry, not-yet, busy, handed-back, parked, crashed, lost, or how the job ended */
    readonly ending: string
    readonly started_at: string | null
    readonly ended_at: string
    readonly next_at: string | null
    readonly error: StoredError | null
  }[]
  /** the newest lines its attempts have written */
  readonly log: readonly {
    readonly at: string
    readonly level: 'info' | 'warn' | 'error'
    readonly message: string
  }[]
  readonly links: JobLinks
}

type AcceptedJob = {
  readonly id: string
  readonly name: string
  readonly state: 'waiting' | 'scheduled'
  /** ledger: committed and never lost; queue: kept by the queue alone, lost if that is lost */
  readonly durability: 'ledger' | 'queue'
  readonly links: JobLinks
}

type Problem = {
  /** /problems/<code> */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  /** this one occurrence: the id of the request in our log */
  readonly instance: string
  /** each field that was refused */
  readonly errors?: readonly {
    /** a JSON pointer into the body (RFC 6901), or the name of a query option */
    readonly field: string
    readonly rule: string
    readonly message: string
  }[]
}

type Batch = {
  readonly id: string
  /** closed: takes no more jobs; done: all of them have ended */
  readonly state: 'open' | 'closed' | 'done'
  readonly about: string | null
  readonly entity: string | null
  readonly total: number
  readonly open: number
  readonly completed: number
  readonly skipped: number
  /** failed or quarantined */
  readonly failed: number
  readonly cancelled: number
  /** the share of its jobs that have ended */
  readonly progress: number
  readonly created_at: string
  readonly closed_at: string | null
  readonly done_at: string | null
  readonly when_done: {
    readonly name: string
    readonly job_id: string | null
  } | null
  readonly links: {
    readonly self: string
    readonly jobs: string
  }
}

type Schedule = {
  readonly key: string
  /** the job type */
  readonly name: string
  readonly source: 'contract' | 'api'
  readonly cron: string
  readonly zone: string
  readonly missed:
    | 'skip'
    | 'once'
    | {
        readonly all: number
      }
  readonly overlap: 'skip' | 'queue'
  readonly tenant: string
  readonly paused_at: string | null
  readonly paused_by: string | null
  /** null while paused, and when no day will come */
  readonly next_slot: string | null
  /** slots in a row that met an unfinished run */
  readonly overlap_skips: number
  readonly last: {
    readonly slot: string
    readonly decision: string
    readonly job_id: string | null
  } | null
}

type AcceptedNotification = {
  readonly id: string
  /** the job that decides the channels */
  readonly job_id: string
  /** it was asked for before, under this dedupe_key */
  readonly deduplicated?: true
  readonly links: {
    readonly self: string
    readonly job: string
  }
}

type Notification = {
  readonly id: string
  readonly to:
    | {
        readonly user_id: string
      }
    | {
        readonly email: string
      }
    | {
        readonly phone: string
        readonly country: string
      }
  readonly category:
    | 'booking'
    | 'payment'
    | 'security'
    | 'account'
    | 'message'
    | 'reminder'
    | 'review'
    | 'news'
    | 'offers'
  /** null: it has a title of its own */
  readonly template: string | null
  readonly title: string | null
  readonly entity: string | null
  readonly created_at: string
  readonly expires_at: string | null
  readonly read_at: string | null
  readonly state: 'undecided' | 'open' | 'sent' | 'not-sent' | 'unknown' | 'failed' | 'cancelled'
  /** why nothing was decided (gathered: it waits for its digest), or why it was cancelled */
  readonly reason: string | null
  /** true: the provider took it; false: it was not sent; null: not known, or not yet */
  readonly results: {
    readonly push: boolean | null
    readonly email: boolean | null
    readonly sms: boolean | null
  }
  readonly deliveries: readonly {
    readonly channel: 'push' | 'email' | 'sms'
    readonly state:
      | 'suppressed'
      | 'deferred'
      | 'waiting'
      | 'sent'
      | 'delivered'
      | 'failed'
      | 'unknown'
      | 'skipped'
      | 'cancelled'
    /** why it is not sent, or not yet */
    readonly reason: string | null
    /** when one that was put off is looked at again */
    readonly until: string | null
    readonly job_id: string | null
    /** what the provider has said since */
    readonly provider_status: string | null
  }[]
}

type InboxEntry = {
  readonly id: string
  readonly category:
    | 'booking'
    | 'payment'
    | 'security'
    | 'account'
    | 'message'
    | 'reminder'
    | 'review'
    | 'news'
    | 'offers'
  readonly title: string
  readonly body: string
  /** as a push carries it */
  readonly data: Readonly<Record<string, string>>
  readonly entity: string | null
  readonly created_at: string
  readonly read_at: string | null
}

type AcceptedBroadcast = {
  readonly id: string
  /** the job that walks the audience */
  readonly job_id: string
  readonly links: {
    readonly self: string
    readonly job: string
  }
}

type Broadcast = {
  readonly id: string
  readonly title: string
  readonly category:
    | 'booking'
    | 'payment'
    | 'security'
    | 'account'
    | 'message'
    | 'reminder'
    | 'review'
    | 'news'
    | 'offers'
  readonly channels: readonly ('push' | 'email')[]
  readonly created_at: string
  readonly expires_at: string | null
  readonly cancelled_at: string | null
  readonly state: 'deciding' | 'sending' | 'done' | 'cancelled' | 'failed'
  /** how many are decided so far */
  readonly people: number
  /** to how many of them a mail goes */
  readonly mails: number
  /** to how many of them a push goes */
  readonly pushes: number
  /** what providers have answered so far: by mail, and by device */
  readonly results: {
    readonly email: {
      readonly accepted: number
      readonly refused: number
      readonly unknown: number
      readonly open: number
    }
    readonly push: {
      readonly accepted: number
      readonly refused: number
      readonly unknown: number
      readonly open: number
    }
  }
}

/** What each operation answers as JSON, by status. */
export interface Answers {
  /** Make a job */
  'POST /v1/jobs/{name}': {
    readonly 200: DryRun | Job
    readonly 202: AcceptedJob
  }
  /** Make many jobs */
  'POST /v1/jobs': {
    readonly 200: {
      readonly accepted: number
      readonly replayed: number
      readonly refused: number
      readonly items: readonly {
        readonly index: number
        /** replayed: made before under the same key, and nothing was made now */
        readonly status: 'accepted' | 'replayed' | 'refused'
        /** of the job, unless it was refused */
        readonly id?: string
        /** why it was refused */
        readonly problem?: Problem
      }[]
    }
  }
  /** Find jobs */
  'GET /v1/jobs': {
    readonly 200: {
      readonly jobs: readonly {
        readonly id: string
        readonly name: string
        readonly state: JobState
        /** attempts that counted */
        readonly attempts: number
        readonly accepted_at: string
        readonly run_at: string
        readonly finished_at: string | null
        readonly entity: string | null
        readonly tags: readonly string[]
        readonly error: {
          readonly name: string
          readonly code: string | null
          readonly message: string
          /** the same for the same error: what a search by error looks for */
          readonly signature: string
        } | null
        /** why it was skipped or cancelled */
        readonly reason: string | null
        readonly tenant: string
        readonly batch: string | null
        readonly links: JobLinks
      }[]
      /** for the next page; null on the last one */
      readonly next_cursor: string | null
    }
  }
  /** Open a batch */
  'POST /v1/batches': {
    readonly 201: Batch
  }
  /** Close a batch */
  'POST /v1/batches/{id}/close': {
    readonly 200: Batch
  }
  /** Show a batch */
  'GET /v1/batches/{id}': {
    readonly 200: Batch
  }
  /** Show a job */
  'GET /v1/jobs/{id}': {
    readonly 200: Job
  }
  /** Cancel a job */
  'POST /v1/jobs/{id}/cancel': {
    readonly 200: {
      readonly id: string
      readonly state: 'cancelled'
    }
    readonly 202: {
      readonly id: string
      readonly state:
        | 'scheduled'
        | 'waiting'
        | 'active'
        | 'retrying'
        | 'parked'
        | 'completed'
        | 'skipped'
        | 'failed'
        | 'cancelled'
        | 'quarantined'
      readonly cancel_requested: true
    }
  }
  /** Retry a job */
  'POST /v1/jobs/{id}/retry': {
    readonly 202: {
      readonly id: string
      readonly state: 'waiting'
    }
  }
  /** Tell a story */
  'GET /v1/stories/{entity}': {
    readonly 200: {
      readonly entity: string
      /** one sentence that says how it stands */
      readonly summary: string
      /** in time order: what was told us, the jobs, the effects outside */
      readonly moments: readonly {
        readonly at: string
        readonly lane: 'event' | 'jobs' | 'effects'
        readonly kind:
          | 'event'
          | 'decision'
          | 'accepted'
          | 'attempt'
          | 'outcome'
          | 'reserved'
          | 'sent'
          | 'unknown'
          | 'settled'
        readonly job_id: string | null
        readonly error?: StoredError | null
      }[]
    }
  }
  /** Make or change a schedule */
  'PUT /v1/schedules/{key}': {
    readonly 200: Schedule
    readonly 201: Schedule
  }
  /** Show a schedule */
  'GET /v1/schedules/{key}': {
    readonly 200: Schedule
  }
  /** List the schedules */
  'GET /v1/schedules': {
    readonly 200: {
      readonly schedules: readonly Schedule[]
      readonly next_cursor: string | null
    }
  }
  /** Run a schedule now */
  'POST /v1/schedules/{key}/run': {
    readonly 202: {
      readonly job_id: string
      readonly links: JobLinks
    }
  }
  /** Pause a schedule */
  'POST /v1/schedules/{key}/pause': {
    readonly 200: Schedule
  }
  /** Let a schedule go on */
  'POST /v1/schedules/{key}/resume': {
    readonly 200: Schedule
  }
  /** Preview a schedule */
  'GET /v1/schedules/{key}/preview': {
    readonly 200: {
      readonly slots: readonly {
        readonly slot: string
        /** as a clock in its zone shows it */
        readonly local: string
        /** what its job will carry */
        readonly payload: unknown
      }[]
    }
  }
  /** Tell somebody something */
  'POST /v1/notifications': {
    readonly 200: AcceptedNotification
    readonly 202: AcceptedNotification
  }
  /** Take back notifications */
  'POST /v1/notifications/cancel': {
    readonly 200: {
      /** how many notifications; 0: nothing was open */
      readonly cancelled: number
    }
  }
  /** Show what became of a notification */
  'GET /v1/notifications/{id}': {
    readonly 200: Notification
  }
  /** Note that a notification was read */
  'POST /v1/notifications/{id}/read': {
    readonly 200: {
      readonly id: string
      readonly read_at: string
    }
  }
  /** List what a user was told */
  'GET /v1/users/{user}/notifications': {
    readonly 200: {
      readonly notifications: readonly InboxEntry[]
      /** for the next page; null on the last one */
      readonly next_cursor: string | null
    }
  }
  /** Count what a user has not read */
  'GET /v1/users/{user}/notifications/unread-count': {
    readonly 200: {
      readonly unread: number
    }
  }
  /** Note that a user has read everything */
  'POST /v1/users/{user}/notifications/read-all': {
    readonly 200: {
      /** how many were new */
      readonly read: number
    }
  }
  /** Tell many people the same */
  'POST /v1/broadcasts': {
    readonly 202: AcceptedBroadcast
  }
  /** Show how far a broadcast has come */
  'GET /v1/broadcasts/{id}': {
    readonly 200: Broadcast
  }
  /** Stop a broadcast */
  'POST /v1/broadcasts/{id}/cancel': {
    readonly 200: {
      readonly id: string
      readonly cancelled: true
    }
  }
  /** Tell of a user */
  'PUT /v1/users/{user}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
    readonly 201: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Show what is known of a user */
  'GET /v1/users/{user}': {
    readonly 200: {
      /** grows with each change; an older one never wins */
      readonly version: number
      readonly first_name: string
      readonly last_name: string
      readonly email: string | null
      readonly phone: string | null
      readonly country: string | null
      readonly locale: string | null
      readonly zone: string | null
      readonly email_notifications_enabled: boolean
      readonly sms_notifications_enabled: boolean
      readonly stripe_customer_id: string | null
      readonly created_at: string | null
      /** when given, all devices of the person, oldest first; when not, devices stay as they are */
      readonly fcm_tokens?: readonly string[]
      readonly id: string
      /** when this version was told */
      readonly synced_at: string
    }
  }
  /** Tell that a user is gone */
  'DELETE /v1/users/{user}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      readonly version: number
      readonly status: 'deleted' | 'outdated'
      /** the newer one that is known, and stays, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Tell of the preferences of a user */
  'PUT /v1/users/{user}/preferences': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
    readonly 201: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Show what is known of the preferences of a user */
  'GET /v1/users/{user}/preferences': {
    readonly 200: {
      /** grows with each change; an older one never wins */
      readonly version: number
      /** by category and channel; what is not named follows the switches of the person */
      readonly notifications: Readonly<
        Record<
          string,
          {
            readonly email?: boolean
            readonly sms?: boolean
            readonly push?: boolean
          }
        >
      >
      /** in the zone of the person */
      readonly quiet_hours: {
        readonly from: string
        readonly to: string
      } | null
      readonly max_price_minor: number | null
      readonly currency: string | null
      readonly preferred_location: {
        readonly lat: number
        readonly lon: number
      } | null
      readonly preferred_radius_km: number | null
      readonly id: string
      /** when this version was told */
      readonly synced_at: string
    }
  }
  /** Tell that the preferences of a user are gone */
  'DELETE /v1/users/{user}/preferences': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      readonly version: number
      readonly status: 'deleted' | 'outdated'
      /** the newer one that is known, and stays, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Tell of an amenity */
  'PUT /v1/amenities/{amenity}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
    readonly 201: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Show what is known of an amenity */
  'GET /v1/amenities/{amenity}': {
    readonly 200: {
      /** grows with each change; an older one never wins */
      readonly version: number
      readonly name_fr: string
      readonly name_en: string
      readonly id: string
      /** when this version was told */
      readonly synced_at: string
    }
  }
  /** Tell that an amenity is gone */
  'DELETE /v1/amenities/{amenity}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      readonly version: number
      readonly status: 'deleted' | 'outdated'
      /** the newer one that is known, and stays, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Tell of a place */
  'PUT /v1/places/{place}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
    readonly 201: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Show what is known of a place */
  'GET /v1/places/{place}': {
    readonly 200: {
      /** grows with each change; an older one never wins */
      readonly version: number
      readonly host_id: string
      readonly title: string
      readonly description: string
      readonly address: string | null
      readonly city: string
      readonly country: string
      readonly zone: string
      /** the pin of the host; null: find it by the address */
      readonly location: {
        readonly lat: number
        readonly lon: number
      } | null
      readonly price_minor: number | null
      readonly currency: string | null
      readonly capacity: number | null
      readonly amenities: readonly string[]
      readonly min_stay_nights: number
      readonly preparation_nights: number
      readonly check_in_time: string
      readonly check_out_time: string
      readonly cancellation_policy: 'flexible' | 'moderate' | 'strict'
      readonly payment_capture: 'automatic' | 'manual'
      readonly listed: boolean
      readonly created_at: string | null
      readonly id: string
      /** when this version was told */
      readonly synced_at: string
    }
  }
  /** Tell that a place is gone */
  'DELETE /v1/places/{place}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      readonly version: number
      readonly status: 'deleted' | 'outdated'
      /** the newer one that is known, and stays, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Tell of a booking */
  'PUT /v1/bookings/{booking}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
    readonly 201: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Show what is known of a booking */
  'GET /v1/bookings/{booking}': {
    readonly 200: {
      /** grows with each change; an older one never wins */
      readonly version: number
      readonly place_id: string
      readonly guest_id: string
      readonly status: 'pending' | 'confirmed' | 'completed' | 'cancelled'
      readonly check_in: string
      readonly check_out: string
      readonly guests: number
      readonly total_minor: number
      readonly currency: string
      readonly payment_intent_id: string | null
      readonly cancelled_by: 'guest' | 'host' | 'platform' | null
      readonly created_at: string | null
      readonly confirmed_at: string | null
      readonly completed_at: string | null
      readonly cancelled_at: string | null
      readonly id: string
      /** when this version was told */
      readonly synced_at: string
    }
  }
  /** Tell that a booking is gone */
  'DELETE /v1/bookings/{booking}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      readonly version: number
      readonly status: 'deleted' | 'outdated'
      /** the newer one that is known, and stays, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Tell of a payment */
  'PUT /v1/payments/{payment}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
    readonly 201: {
      readonly kind: string
      readonly id: string
      /** as it was told */
      readonly version: number
      readonly status: 'stored' | 'unchanged' | 'outdated'
      /** the newer one that is known, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Show what is known of a payment */
  'GET /v1/payments/{payment}': {
    readonly 200: {
      /** grows with each change; an older one never wins */
      readonly version: number
      readonly booking_id: string
      readonly payment_intent_id: string | null
      readonly status: 'pending' | 'authorized' | 'succeeded' | 'failed' | 'cancelled' | 'refunded'
      readonly amount_minor: number
      readonly refunded_minor: number
      readonly currency: string
      readonly created_at: string | null
      readonly id: string
      /** when this version was told */
      readonly synced_at: string
    }
  }
  /** Tell that a payment is gone */
  'DELETE /v1/payments/{payment}': {
    readonly 200: {
      readonly kind: string
      readonly id: string
      readonly version: number
      readonly status: 'deleted' | 'outdated'
      /** the newer one that is known, and stays, when this is outdated */
      readonly known_version?: number
    }
  }
  /** Tell of a device */
  'PUT /v1/users/{user}/devices/{token}': {
    readonly 200: {
      readonly user_id: string
      readonly token: string
      readonly platform: 'android' | 'ios' | 'web' | null
    }
    readonly 201: {
      readonly user_id: string
      readonly token: string
      readonly platform: 'android' | 'ios' | 'web' | null
    }
  }
  /** Tell that a device is gone */
  'DELETE /v1/users/{user}/devices/{token}': {
    readonly 200: {
      readonly status: 'deleted' | 'absent'
    }
  }
  /** List the devices of a user */
  'GET /v1/users/{user}/devices': {
    readonly 200: {
      readonly devices: readonly {
        readonly token: string
        readonly platform: 'android' | 'ios' | 'web' | null
        readonly last_seen_at: string
      }[]
    }
  }
  /** List the syncs */
  'GET /v1/sync': {
    readonly 200: {
      readonly syncs: readonly {
        readonly name: string
        /** cut: it stopped in the middle; sent again under the same name it goes on */
        readonly state: 'running' | 'cut' | 'done'
        /** the last line that is committed; blank ones count */
        readonly lines: number
        readonly stored: number
        /** known already, word for word */
        readonly unchanged: number
        /** a newer version is known, or its deletion */
        readonly outdated: number
        readonly refused: number
        readonly started_at: string
        readonly updated_at: string
      }[]
      readonly next_cursor: string | null
    }
  }
  /** Show a sync */
  'GET /v1/sync/{sync}': {
    readonly 200: {
      readonly name: string
      /** cut: it stopped in the middle; sent again under the same name it goes on */
      readonly state: 'running' | 'cut' | 'done'
      /** the last line that is committed; blank ones count */
      readonly lines: number
      readonly stored: number
      /** known already, word for word */
      readonly unchanged: number
      /** a newer version is known, or its deletion */
      readonly outdated: number
      readonly refused: number
      readonly started_at: string
      readonly updated_at: string
      /** the first 100 that were refused */
      readonly bad_lines: readonly {
        readonly line: number
        readonly problem: Problem
      }[]
    }
  }
  /** List the job types */
  'GET /v1/job-types': {
    readonly 200: {
      readonly job_types: readonly {
        readonly name: string
        readonly about: string
        readonly version: number
        readonly max_payload_bytes: number
        /** JSON Schema (2020-12) of the payload */
        readonly payload: Readonly<Record<string, unknown>>
      }[]
    }
  }
  /** Show the API key that asks */
  'GET /v1/keys/self': {
    readonly 200: {
      readonly id: string
      readonly name: string
      /** whose jobs it makes and sees; of a test key, a tenant beside the real one */
      readonly tenant: string
      readonly scopes: readonly string[]
      /** whatever its jobs send goes to the sandbox */
      readonly test: boolean
      readonly expires_at: string | null
      readonly rate_limit: {
        readonly requests: number
        readonly window_seconds: number
      }
    }
  }
  /** Replay events of the inbox */
  'POST /v1/inbox/replay': {
    readonly 200: {
      /** true: nothing was changed, this is what would be */
      readonly dry_run: boolean
      readonly matching: number
      readonly replayed: number
      /** events left as they are: their job has not ended, or nothing reacts to their kind */
      readonly left: {
        readonly in_work: number
        readonly nothing_reacts: number
      }
      /** a few of those that are replayed, the oldest first */
      readonly examples: readonly string[]
    }
    readonly 202: {
      /** true: nothing was changed, this is what would be */
      readonly dry_run: boolean
      readonly matching: number
      readonly replayed: number
      /** events left as they are: their job has not ended, or nothing reacts to their kind */
      readonly left: {
        readonly in_work: number
        readonly nothing_reacts: number
      }
      /** a few of those that are replayed, the oldest first */
      readonly examples: readonly string[]
    }
  }
  /** Replay an event of the inbox */
  'POST /v1/inbox/{id}/replay': {
    readonly 202: {
      readonly id: string
      readonly job_id: string
    }
  }
  /** Find events of the inbox */
  'GET /v1/inbox': {
    readonly 200: {
      readonly events: readonly {
        /** in the inbox */
        readonly id: string
        readonly source: 'booking' | 'payment' | 'user' | 'sendgrid' | 'twilio' | 'stripe'
        /** as its sender calls it */
        readonly event_id: string
        readonly type: string
        readonly entity: string | null
        /** how it was signed */
        readonly scheme: string
        readonly received_at: string
        /** waiting: its job has not ended; failed: it has, and nobody said what became of the event */
        readonly state: 'waiting' | 'processed' | 'ignored' | 'failed'
        /** why it was ignored or failed, or what its job waits for */
        readonly reason: string | null
        /** the newest job that was made for it; null when nothing reacts to it */
        readonly job_id: string | null
        readonly replays: number
      }[]
      /** for the next page; null on the last one */
      readonly next_cursor: string | null
    }
  }
  /** Show an event of the inbox */
  'GET /v1/inbox/{id}': {
    readonly 200: {
      /** in the inbox */
      readonly id: string
      readonly source: 'booking' | 'payment' | 'user' | 'sendgrid' | 'twilio' | 'stripe'
      /** as its sender calls it */
      readonly event_id: string
      readonly type: string
      readonly entity: string | null
      /** how it was signed */
      readonly scheme: string
      readonly received_at: string
      /** waiting: its job has not ended; failed: it has, and nobody said what became of the event */
      readonly state: 'waiting' | 'processed' | 'ignored' | 'failed'
      /** why it was ignored or failed, or what its job waits for */
      readonly reason: string | null
      /** the newest job that was made for it; null when nothing reacts to it */
      readonly job_id: string | null
      readonly replays: number
      /** without personal data, and without the values of fields that are not known here */
      readonly body: unknown
      /** made for the event, or by such a job; newest first */
      readonly jobs: readonly {
        readonly id: string
        readonly name: string
        readonly state:
          | 'scheduled'
          | 'waiting'
          | 'active'
          | 'retrying'
          | 'parked'
          | 'completed'
          | 'skipped'
          | 'failed'
          | 'cancelled'
          | 'quarantined'
        readonly entity: string | null
        readonly accepted_at: string
        /** the job that made it; null for one made for the event itself */
        readonly parent_id: string | null
      }[]
    }
  }
}

/** Every problem the service answers, by the last part of its type. */
export type ProblemCode =
  /** The request could not be read. */
  | 'bad-request'
  /** The body is not JSON. */
  | 'bad-json'
  /** A query option is unknown or not valid. */
  | 'invalid-option'
  /** The Idempotency-Key is not valid. */
  | 'invalid-idempotency-key'
  /** An API key is required. */
  | 'no-api-key'
  /** The API key is not known. */
  | 'bad-api-key'
  /** This needs somebody who is signed in. */
  | 'not-signed-in'
  /** The signature is missing or wrong. */
  | 'invalid-signature'
  /** The signed timestamp is too old or too new. */
  | 'stale-timestamp'
  /** The API key does not allow this. */
  | 'scope-missing'
  /** Your role does not allow this. */
  | 'role-missing'
  /** This job type is not open to callers. */
  | 'closed-job'
  /** There is nothing at this address. */
  | 'not-found'
  /** There is no job type of this name. */
  | 'unknown-job'
  /** There is no job of this id. */
  | 'no-such-job'
  /** This address does not take this method. */
  | 'method-not-allowed'
  /** A request with this Idempotency-Key is still being handled. */
  | 'request-in-flight'
  /** Jobs that only the queue keeps take no Idempotency-Key. */
  | 'idempotency-needs-ledger'
  /** The queue does not answer; nothing was taken. */
  | 'queue-away'
  /** The body is too large. */
  | 'body-too-large'
  /** This API key has asked too often. */
  | 'rate-limited'
  /** The body is not of a supported type or encoding. */
  | 'unsupported-media-type'
  /** The payload is not valid. */
  | 'invalid-payload'
  /** The event is not valid. */
  | 'invalid-event'
  /** This event id was used for another event. */
  | 'event-id-reused'
  /** This Idempotency-Key was used for another request. */
  | 'idempotency-key-reused'
  /** The batch takes no more jobs. */
  | 'batch-closed'
  /** Nothing is known of this. */
  | 'no-such-story'
  /** There is no schedule of this key. */
  | 'no-such-schedule'
  /** The job has ended already. */
  | 'job-ended'
  /** The job cannot be retried. */
  | 'job-not-retryable'
  /** The schedule belongs to a job type. */
  | 'schedule-of-contract'
  /** The key of the schedule is taken. */
  | 'schedule-key-taken'
  /** There are too many schedules. */
  | 'too-many-schedules'
  /** The schedule is not valid. */
  | 'invalid-schedule'
  /** Too many event streams are open. */
  | 'too-many-streams'
  /** There is no batch of this id. */
  | 'no-such-batch'
  /** Nothing of this id is in the mirror. */
  | 'no-such-entity'
  /** There is no user of this id in the mirror. */
  | 'user-not-found'
  /** The entity is not valid. */
  | 'invalid-entity'
  /** This version of the entity was told before, with other content. */
  | 'version-reused'
  /** Test keys cannot change what is live. */
  | 'live-only'
  /** These entities are read from tables of the platform itself. */
  | 'mirror-is-a-view'
  /** There is no notification of this id. */
  | 'no-such-notification'
  /** There is no broadcast of this id. */
  | 'no-such-broadcast'
  /** There is no sync of this name. */
  | 'no-such-sync'
  /** Lines of this sync are being taken in. */
  | 'sync-running'
  /** These are not the lines that were sent before. */
  | 'sync-differs'
  /** The sync was interrupted, and can go on. */
  | 'sync-interrupted'
  /** There is no event of this id. */
  | 'no-such-event'
  /** The event is still being reacted to. */
  | 'event-in-work'
  /** Nothing reacts to events of this kind. */
  | 'nothing-reacts'
  /** These are too many events. */
  | 'too-many-events'
  /** Too much waits in this queue. */
  | 'too-many-waiting'
  /** This process has too much in hand. */
  | 'overloaded'
  /** Something went wrong here. */
  | 'internal-error'
  /** This deployment does not serve this domain. */
  | 'domain-absent'
  /** Test keys need a sandbox, and this deployment has none. */
  | 'sandbox-absent'
  /** The database is not available. */
  | 'database-away'
  /** This process is not ready. */
  | 'not-ready'
