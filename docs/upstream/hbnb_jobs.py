"""Jobs of hbnb-jobs from Python: one file, standard library only, Python 3.9 or newer. Copy it into your project.

    from hbnb_jobs import Jobs

    jobs = Jobs("https://jobs.hbnb.com", key="hbnb_…")
    job = jobs.enqueue("notifications.send", {"user_id": "7", "template": "booking-confirmation", "booking_id": "42"})
    jobs.wait(job["id"])

What enqueue() has answered is committed. Every request is repeated safely: each enqueue carries an Idempotency-Key that its
repeats keep, so that a lost answer never makes a second job.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime
from typing import Any, Dict, Iterable, Iterator, List, Literal, Mapping, Optional, Tuple, TypedDict, Union

__all__ = ["Jobs", "JobsError", "Problem", "OutcomeUnknown", "StillOpen", "WebhookRefused", "enqueue_in", "sign_webhook",
           "standard_headers", "verify_webhook"]

FINAL_STATES = frozenset({"completed", "skipped", "failed", "cancelled", "quarantined"})
REPEATED_STATUSES = frozenset({429, 502, 503, 504})
REPEATED_CODES = frozenset({"request-in-flight", "sync-running"})
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
STREAM_MAX_BYTES = 8 * 1024 * 1024
STREAM_MAX_LINES = 5_000
EVENTS_SILENCE_S = 40.0
"""The server sends a heartbeat every 15 s; silence of this length is a cut."""
WEBHOOK_TOLERANCE_S = 300
TIMESTAMP_MAX_DIGITS = 15


# <generated from the contracts and the platform's entities: do not edit, see tests/upstream>

JobName = Literal["notifications.send"]
"""Job types that are open to upstream apps."""


class _NotificationsSend(TypedDict):
    user_id: str
    template: Literal["booking-requested", "booking-confirmation", "booking-cancelled", "stay-completed", "check-in-reminder", "booking-request", "booking-confirmed-host", "booking-cancelled-host", "stay-completed-host", "payment-succeeded", "payment-failed", "payment-refunded", "welcome"]


class NotificationsSend(_NotificationsSend, total=False):
    """Payload of notifications.send. Tell a person something: decide the channels, then one delivery and one job per channel."""
    booking_id: str
    payment_id: str


EventName = Literal["booking.created", "booking.confirmed", "booking.cancelled", "booking.completed", "payment.succeeded", "payment.failed", "payment.refunded", "user.registered", "user.updated"]
"""Events of the platform, for tell()."""

EntityKind = Literal["user", "preferences", "amenity", "place", "booking", "payment"]


class _User(TypedDict):
    version: int
    first_name: str


class User(_User, total=False):
    """What put("user", …) takes."""
    last_name: str
    email: Union[str, None]
    phone: Union[str, None]
    country: Union[str, None]
    locale: Union[str, None]
    zone: Union[str, None]
    email_notifications_enabled: bool
    sms_notifications_enabled: bool
    stripe_customer_id: Union[str, None]
    created_at: Union[str, None]
    fcm_tokens: List[str]


class _Preferences(TypedDict):
    version: int


class Preferences(_Preferences, total=False):
    """What put("preferences", …) takes."""
    notifications: Dict[str, Any]
    quiet_hours: Union[Dict[str, Any], None]
    max_price_minor: Union[int, None]
    currency: Union[str, None]
    preferred_location: Union[Dict[str, Any], None]
    preferred_radius_km: Union[float, None]


class Amenity(TypedDict):
    """What put("amenity", …) takes."""
    version: int
    name_fr: str
    name_en: str


class _Place(TypedDict):
    version: int
    host_id: str
    title: str
    city: str
    country: str
    zone: str


class Place(_Place, total=False):
    """What put("place", …) takes."""
    description: str
    address: Union[str, None]
    location: Union[Dict[str, Any], None]
    price_minor: Union[int, None]
    currency: Union[str, None]
    capacity: Union[int, None]
    amenities: List[str]
    min_stay_nights: int
    preparation_nights: int
    check_in_time: str
    check_out_time: str
    cancellation_policy: Literal["flexible", "moderate", "strict"]
    payment_capture: Literal["automatic", "manual"]
    listed: bool
    created_at: Union[str, None]


class _Booking(TypedDict):
    version: int
    place_id: str
    guest_id: str
    status: Literal["pending", "confirmed", "completed", "cancelled"]
    check_in: str
    check_out: str
    guests: int
    total_minor: int
    currency: str


class Booking(_Booking, total=False):
    """What put("booking", …) takes."""
    payment_intent_id: Union[str, None]
    cancelled_by: Union[Literal["guest", "host", "platform"], None]
    created_at: Union[str, None]
    confirmed_at: Union[str, None]
    completed_at: Union[str, None]
    cancelled_at: Union[str, None]


class _Payment(TypedDict):
    version: int
    booking_id: str
    status: Literal["pending", "authorized", "succeeded", "failed", "cancelled", "refunded"]
    amount_minor: int
    currency: str


class Payment(_Payment, total=False):
    """What put("payment", …) takes."""
    payment_intent_id: Union[str, None]
    refunded_minor: int
    created_at: Union[str, None]


# </generated>


class JobsError(Exception):
    """Base of everything this module raises."""


class Problem(JobsError):
    """The service refused (RFC 9457). `code` is the last part of the problem's type, `errors` name field and rule."""

    def __init__(self, status: int, body: Mapping[str, Any]):
        self.status = status
        self.body = dict(body)
        self.code: str = str(body.get("type", "about:blank")).rsplit("/", 1)[-1]
        self.errors: List[Dict[str, Any]] = list(body.get("errors", []))
        fields = "; ".join(f"{e.get('field') or 'body'}: {e.get('message')}" for e in self.errors)
        text = str(body.get("detail") or body.get("title") or f"HTTP {status}")
        super().__init__(f"{self.code}: {text}" + (f" ({fields})" if fields else ""))


class OutcomeUnknown(JobsError):
    """Nothing was answered until the deadline. Repeat with the same key: it cannot make a second job."""

    def __init__(self, key: Optional[str], cause: Exception):
        self.key = key
        hint = f"; repeat with key={key!r}" if key else ""
        super().__init__(f"hbnb-jobs did not answer ({cause}){hint}")


class StillOpen(JobsError):
    """wait() gave up; the job goes on. `job` is what was known last."""

    def __init__(self, job: Dict[str, Any]):
        self.job = job
        super().__init__(f"job {job.get('id')} is still {job.get('state')}")


class WebhookRefused(JobsError):
    """A webhook is not from hbnb-jobs, or too old. Answer 401."""


When = Union[str, datetime]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the API key to wherever it points, and turn a POST into a GET."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


class Jobs:
    """A client. Safe to share between threads: it keeps no connection."""

    def __init__(self, url: str, key: str, *, webhook_secret: Optional[str] = None, timeout_s: float = 10.0,
                 deadline_s: float = 30.0):
        """`timeout_s`: one request at most; `deadline_s`: all repeats of one call together; `webhook_secret`: for tell()."""
        self._url = url.rstrip("/")
        self._key = key
        self._webhook_secret = webhook_secret
        self._timeout_s = timeout_s
        self._deadline_s = deadline_s

    # Making jobs

    def enqueue(self, name: str, payload: Mapping[str, Any], *, key: Optional[str] = None, wait_s: Optional[int] = None,
                run_at: Optional[When] = None, expires_at: Optional[When] = None, priority: Optional[int] = None,
                entity: Optional[str] = None, tags: Iterable[str] = (), tenant: Optional[str] = None,
                batch: Optional[str] = None) -> Dict[str, Any]:
        """Makes one job; answers {id, name, state, …}. With `wait_s` (1 to 30) the ended job, if it ends in time.

        `key`: what makes this call the same call, such as "booking-42-confirmed"; default: a new one for each call.
        Raises Problem (nothing was made) or OutcomeUnknown (repeat with its key).
        """
        query = _options(run_at, expires_at, priority, entity, tenant, batch) + [("tag", tag) for tag in tags]
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if wait_s is not None:
            headers["Prefer"] = f"wait={wait_s}"
        timeout_s = self._timeout_s + (wait_s or 0)
        return self._json("POST", f"/v1/jobs/{_part(name)}", query, payload, headers, timeout_s)

    def dry_run(self, name: str, payload: Mapping[str, Any]) -> Dict[str, Any]:
        """Checks everything, makes nothing. Raises Problem as enqueue() would."""
        return self._json("POST", f"/v1/jobs/{_part(name)}", [("dry_run", "true")], payload)

    def enqueue_many(self, items: Iterable[Mapping[str, Any]]) -> Iterator[Dict[str, Any]]:
        """Makes any number of jobs from {name, payload, key?, run_at?, priority?, expires_at?, entity?, tags?, batch?}.

        Yields one outcome per item, in order: {line, status: accepted|replayed|refused, id | problem}. Items are sent in
        streams of at most 8 MiB; a stream that is cut is sent again, which makes nothing twice, because each item has a key.
        """
        for outcome in self._streams("/v1/jobs", [], map(_line, items)):
            if "line" in outcome:
                yield outcome

    # Telling people something

    def notify(self, to: Union[str, Mapping[str, str]], *, key: Optional[str] = None, **asked: Any) -> Dict[str, Any]:
        """Tells a user (their id), or {email, locale} or {phone, country}, something on the channels they want.

        Either template with booking_id or payment_id, or title and body; with data, category, channels, entity, dedupe_key,
        urgency, expires_at. Answers {id, job_id, links}; nobody waits for the sending. Raises Problem user-not-found.
        """
        body = {"to": {"user_id": to} if isinstance(to, str) else to, **asked}
        return self._json("POST", "/v1/notifications", [], body, {"Idempotency-Key": key or str(uuid.uuid4())})

    def notification(self, notification_id: str) -> Dict[str, Any]:
        """What became of it: results {push, email, sms} (None: not known yet), and why for each channel in deliveries."""
        return self._json("GET", f"/v1/notifications/{_part(notification_id)}")

    def cancel_notifications(self, entity: str, *, category: Optional[str] = None) -> int:
        """Takes back what is about an entity such as "booking:42" and not sent yet. Answers how many notifications."""
        body = {"entity": entity, **({} if category is None else {"category": category})}
        return self._json("POST", "/v1/notifications/cancel", [], body)["cancelled"]

    # What we know of users, places, bookings and payments

    def put(self, kind: EntityKind, entity_id: str, entity: Mapping[str, Any]) -> Dict[str, Any]:
        """Tells what an entity is now: User, Place, … Answers {kind, id, version, status: stored|unchanged|outdated}.

        An older version never overwrites a newer one. Raises Problem invalid-entity, naming the fields.
        """
        return self._json("PUT", _entity_path(kind, entity_id), [], entity)

    def delete(self, kind: EntityKind, entity_id: str, *, version: int) -> Dict[str, Any]:
        """Tells that an entity is gone. `version` grows with a deletion as with any change."""
        return self._json("DELETE", _entity_path(kind, entity_id), [("version", str(version))])

    def kept(self, kind: EntityKind, entity_id: str) -> Dict[str, Any]:
        """The entity as it is kept, with synced_at. Raises Problem no-such-entity."""
        return self._json("GET", _entity_path(kind, entity_id))

    def put_device(self, user_id: str, token: str, *, platform: Optional[str] = None) -> Dict[str, Any]:
        """Tells of a device (android, ios or web): it belongs to the last user that named its token."""
        return self._json("PUT", f"/v1/users/{_part(user_id)}/devices/{_part(token)}", [], {"platform": platform})

    def delete_device(self, user_id: str, token: str) -> Dict[str, Any]:
        return self._json("DELETE", f"/v1/users/{_part(user_id)}/devices/{_part(token)}")

    def sync(self, name: str, entities: Iterable[Mapping[str, Any]]) -> Iterator[Dict[str, Any]]:
        """Tells any number of entities, {kind, id, version, …} each: a backfill. What is known already is passed over.

        Sends streams of at most 8 MiB, each repeated after a cut from where it was committed. Yields {line, status: "refused",
        problem} for what is wrong, and after each stream {progress: {lines, stored, unchanged, outdated, refused}} of all.
        What was refused before a cut is only counted.
        """
        counts = {"lines": 0, "stored": 0, "unchanged": 0, "outdated": 0, "refused": 0}
        lines = (json.dumps(entity).encode() + b"\n" for entity in entities)
        for said in self._streams("/v1/sync", [("name", name)], lines):
            if "line" in said:
                yield said
            elif "done" in said:
                counts = {field: counts[field] + said[field] for field in counts}
                yield {"progress": dict(counts)}

    def tell(self, event: EventName, *, event_id: Optional[str] = None, **fields: Any) -> Dict[str, Any]:
        """Posts an event, signed: tell("booking.confirmed", booking_id="42", sequence=2, data={…}).

        `sequence` counts the events of one entity from 1, and they take effect in that order; `data` is the whole entity, so
        that nothing has to be looked up. Answers {status: accepted|duplicate|ignored, event_id, job_id}. Say the `event_id`
        yourself where you may tell the same event again.
        """
        if self._webhook_secret is None:
            raise ValueError("tell() needs Jobs(…, webhook_secret=…)")
        body = json.dumps({"event": event, **fields}).encode()
        headers = standard_headers(body, self._webhook_secret, event_id or f"evt_{uuid.uuid4()}")
        source = event.partition(".")[0]
        return json.loads(self._bytes("POST", f"/webhooks/{_part(source)}", [], body,
                                      {"Content-Type": "application/json", **headers}))

    # Following jobs

    def get(self, job_id: str) -> Dict[str, Any]:
        """Everything there is to know of one job."""
        return self._json("GET", f"/v1/jobs/{_part(job_id)}")

    def wait(self, job_id: str, *, timeout_s: float = 60.0) -> Dict[str, Any]:
        """Answers the job once it has ended, however it ended. Raises StillOpen after `timeout_s`."""
        until = time.monotonic() + timeout_s
        pause_s = FIRST_PAUSE_S
        while True:
            job = self.get(job_id)
            if job["state"] in FINAL_STATES:
                return job
            left_s = until - time.monotonic()
            if left_s <= 0:
                raise StillOpen(job)
            time.sleep(min(pause_s, left_s))
            pause_s = min(pause_s * 1.5, 2.0)

    def events(self, job_id: str) -> Iterator[Dict[str, Any]]:
        """Yields {event, …} as the job goes on, and ends with it. A cut is resumed after the last event that arrived."""
        last: Optional[str] = None
        until = time.monotonic() + self._deadline_s
        while True:
            headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
            try:
                with self._open("GET", f"/v1/jobs/{_part(job_id)}/events", [], None, headers, EVENTS_SILENCE_S) as answer:
                    for event, data, event_id in _server_sent(answer):
                        last = event_id or last
                        until = time.monotonic() + self._deadline_s
                        yield {"event": event, **data}
                        if event == "end":
                            return
            except urllib.error.HTTPError as error:
                problem = _problem(error)
                if problem.status not in REPEATED_STATUSES or time.monotonic() > until:
                    raise problem from None
            except (OSError, http.client.HTTPException) as error:
                if time.monotonic() > until:
                    raise OutcomeUnknown(None, error) from error
            time.sleep(random.uniform(FIRST_PAUSE_S, 1.0))

    def find(self, **filters: Any) -> Iterator[Dict[str, Any]]:
        """Jobs, newest first, page by page: name=, state=, error=, entity=, tag=, batch=, since=, until= (lists repeat)."""
        query: List[Tuple[str, str]] = []
        for name, value in filters.items():
            values = value if isinstance(value, (list, tuple)) else [value]
            query += [(name, _instant(one) if isinstance(one, datetime) else str(one)) for one in values if one is not None]
        cursor: Optional[str] = None
        while True:
            page = self._json("GET", "/v1/jobs", query + ([("cursor", cursor)] if cursor else []))
            yield from page["jobs"]
            cursor = page.get("next_cursor")
            if not cursor:
                return

    def cancel(self, job_id: str) -> Dict[str, Any]:
        """Ends a job that waits, asks one that runs to stop. Raises Problem job-ended when it had ended."""
        try:
            return self._json("POST", f"/v1/jobs/{_part(job_id)}/cancel")
        except Problem as problem:
            if problem.code == "job-ended" and problem.body.get("state") == "cancelled":
                return {"id": job_id, "state": "cancelled"}  # by us, and that answer was lost
            raise

    def retry(self, job_id: str) -> Dict[str, Any]:
        """Lets a job run again that has failed. What took effect is not repeated.

        Asked once: after OutcomeUnknown look at the job first, since a repeat might retry it a second time.
        """
        return self._json("POST", f"/v1/jobs/{_part(job_id)}/retry", once=True)

    def story(self, entity: str) -> Dict[str, Any]:
        """Everything that happened around an entity such as "booking:42", on one time axis."""
        return self._json("GET", f"/v1/stories/{_part(entity)}")

    # Batches

    def open_batch(self, *, when_done: Optional[Mapping[str, Any]] = None, entity: Optional[str] = None,
                   about: Optional[str] = None) -> Dict[str, Any]:
        """Makes a batch; `when_done`: {name, payload} of one more job, made when it is closed and all its jobs have ended."""
        body = {"when_done": when_done, "entity": entity, "about": about}
        given = {name: value for name, value in body.items() if value is not None}
        return self._json("POST", "/v1/batches", [], given, {"Idempotency-Key": str(uuid.uuid4())})

    def close_batch(self, batch_id: str) -> Dict[str, Any]:
        return self._json("POST", f"/v1/batches/{_part(batch_id)}/close")

    def batch(self, batch_id: str) -> Dict[str, Any]:
        return self._json("GET", f"/v1/batches/{_part(batch_id)}")

    # HTTP

    def _streams(self, path: str, query: Iterable[Tuple[str, str]], lines: Iterable[bytes]) -> Iterator[Dict[str, Any]]:
        """Sends lines in bounded streams and yields what is answered, lines counted from the first of all."""
        first, held, size = 1, [], 0
        for line in lines:
            if held and (size + len(line) > STREAM_MAX_BYTES or len(held) >= STREAM_MAX_LINES):
                yield from self._stream(path, query, first, held)
                first, held, size = first + len(held), [], 0
            held.append(line)
            size += len(line)
        if held:
            yield from self._stream(path, query, first, held)

    def _stream(self, path: str, query: Iterable[Tuple[str, str]], first: int, lines: List[bytes]) -> Iterator[Dict[str, Any]]:
        headers = {"Content-Type": "application/x-ndjson"}
        body = self._bytes("POST", path, query, b"".join(lines), headers, complete=_is_complete)
        for text in body.splitlines():
            said = json.loads(text)
            if "line" in said:
                said["line"] += first - 1
            yield said

    def _json(self, method: str, path: str, query: Iterable[Tuple[str, str]] = (), body: Optional[Mapping[str, Any]] = None,
              headers: Optional[Mapping[str, str]] = None, timeout_s: Optional[float] = None, once: bool = False) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        read = self._bytes(method, path, query, sent, {**kind, **(headers or {})}, timeout_s, once=once)
        try:
            return json.loads(read)
        except ValueError:
            raise JobsError(f"{self._url} answered something that is not JSON: is that the address of hbnb-jobs?") from None

    def _bytes(self, method: str, path: str, query: Iterable[Tuple[str, str]], body: Optional[bytes],
               headers: Mapping[str, str], timeout_s: Optional[float] = None, complete: Any = None,
               once: bool = False) -> bytes:
        """One request with its repeats. What reads, carries a key or says what shall be may be repeated; else `once`."""
        until = time.monotonic() + (0.0 if once else self._deadline_s)
        pause_s = FIRST_PAUSE_S
        while True:
            asked_s: Optional[float] = None
            failure: Exception
            try:
                with self._open(method, path, query, body, headers, timeout_s or self._timeout_s) as answer:
                    read = answer.read()
                if complete is None or complete(read):
                    return read
                failure = _early_end(read)
            except urllib.error.HTTPError as error:
                asked_s, failure = _retry_after(error), _problem(error)
            except (OSError, http.client.HTTPException) as error:
                failure = error
            if isinstance(failure, Problem) and not _is_passing(failure):
                raise failure from None
            rest_s = max(asked_s or 0.0, pause_s * random.uniform(0.5, 1.0))
            if time.monotonic() + rest_s > until:
                if isinstance(failure, Problem):
                    raise failure
                raise OutcomeUnknown(headers.get("Idempotency-Key"), failure) from failure
            time.sleep(rest_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _open(self, method: str, path: str, query: Iterable[Tuple[str, str]], body: Optional[bytes],
              headers: Mapping[str, str], timeout_s: float) -> Any:
        asked = urllib.parse.urlencode(list(query))
        request = urllib.request.Request(
            f"{self._url}{path}" + (f"?{asked}" if asked else ""), data=body, method=method,
            headers={"Authorization": f"Bearer {self._key}", "User-Agent": "hbnb-jobs-python", **headers})
        return _opener.open(request, timeout=timeout_s)


# In a transaction of your own

_ENQUEUE = """select hbnb_jobs.enqueue(%(name)s, cast(%(payload)s as jsonb), key => %(key)s,
    run_at => cast(%(run_at)s as timestamptz), priority => cast(%(priority)s as integer),
    expires_at => cast(%(expires_at)s as timestamptz), entity => %(entity)s, tags => cast(%(tags)s as text[]))"""


def enqueue_in(connection: Any, name: str, payload: Mapping[str, Any], *, key: Optional[str] = None,
               run_at: Optional[When] = None, expires_at: Optional[When] = None, priority: Optional[int] = None,
               entity: Optional[str] = None, tags: Iterable[str] = ()) -> str:
    """Makes a job in a transaction of yours: it exists when you commit, and never when you roll back. Answers its id.

    `connection`: an SQLAlchemy Session or Connection, or a psycopg connection, to the Postgres that holds hbnb_jobs.
    """
    values = {
        "name": name, "payload": json.dumps(payload), "key": key, "priority": priority, "entity": entity,
        "run_at": None if run_at is None else _instant(run_at),
        "expires_at": None if expires_at is None else _instant(expires_at),
        "tags": "{" + ",".join(json.dumps(tag) for tag in tags) + "}",
    }
    if hasattr(connection, "connection") and callable(connection.connection):
        connection = connection.connection()  # a Session
    if hasattr(connection, "exec_driver_sql"):
        return str(connection.exec_driver_sql(_ENQUEUE, values).scalar())
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, values)
        return str(cursor.fetchone()[0])


# Webhooks

def sign_webhook(body: bytes, secret: str) -> Dict[str, str]:
    """Headers of a webhook to hbnb-jobs as the platform's integration guide signs it."""
    return {"X-Webhook-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def standard_headers(body: bytes, secret: str, event_id: str, at: Optional[int] = None) -> Dict[str, str]:
    """The same by Standard Webhooks, which also protects against replays: prefer it. Keep `event_id` on a repeat."""
    timestamp = str(int(time.time()) if at is None else at)
    return {"webhook-id": event_id, "webhook-timestamp": timestamp,
            "webhook-signature": "v1," + _standard_signature(body, secret, event_id, timestamp)}


def verify_webhook(headers: Mapping[str, str], body: bytes, secret: str) -> Any:
    """Checks a webhook from hbnb-jobs (Standard Webhooks) and answers what its body says. Raises WebhookRefused.

    `body`: the raw bytes, before anything has parsed them. The same webhook may arrive twice: remember its webhook-id.
    """
    given = {name.lower(): value for name, value in headers.items()}
    event_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not event_id or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= TIMESTAMP_MAX_DIGITS):
        raise WebhookRefused("webhook-id or webhook-timestamp is missing or no such thing")
    if abs(time.time() - int(timestamp)) > WEBHOOK_TOLERANCE_S:
        raise WebhookRefused("webhook-timestamp is too old or too new")
    expected = _standard_signature(body, secret, event_id, timestamp)
    signatures = [one[3:] for one in given.get("webhook-signature", "").split(" ") if one.startswith("v1,")]
    if not any([hmac.compare_digest(expected.encode(), one.encode()) for one in signatures]):
        raise WebhookRefused("no signature fits")
    return json.loads(body)


def _standard_signature(body: bytes, secret: str, event_id: str, timestamp: str) -> str:
    try:
        key = base64.b64decode(secret[len("whsec_"):]) if secret.startswith("whsec_") else secret.encode()
    except binascii.Error as error:
        raise ValueError("what follows whsec_ in the secret must be base64") from error
    signed = f"{event_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


# Parts

def _options(run_at: Optional[When], expires_at: Optional[When], priority: Optional[int], entity: Optional[str],
             tenant: Optional[str], batch: Optional[str]) -> List[Tuple[str, str]]:
    given = [("run_at", run_at), ("expires_at", expires_at), ("priority", priority), ("entity", entity),
             ("tenant", tenant), ("batch", batch)]
    return [(name, _instant(value) if isinstance(value, datetime) else str(value)) for name, value in given if value is not None]


def _instant(when: When) -> str:
    if isinstance(when, str):
        return when
    if when.tzinfo is None:
        raise ValueError("a datetime needs a time zone: datetime.now(timezone.utc)")
    return when.isoformat()


_ENTITY_PATHS: Dict[str, str] = {
    "user": "/v1/users/{}", "preferences": "/v1/users/{}/preferences", "amenity": "/v1/amenities/{}", "place": "/v1/places/{}",
    "booking": "/v1/bookings/{}", "payment": "/v1/payments/{}"}


def _entity_path(kind: str, entity_id: str) -> str:
    return _ENTITY_PATHS[kind].format(_part(entity_id))


def _part(text: str) -> str:
    return urllib.parse.quote(text, safe=":")


def _line(item: Mapping[str, Any]) -> bytes:
    sent = {"key": str(uuid.uuid4()), **item}
    for name in ("run_at", "expires_at"):
        if isinstance(sent.get(name), datetime):
            sent[name] = _instant(sent[name])
    return json.dumps(sent).encode() + b"\n"


def _last_line(body: bytes) -> Dict[str, Any]:
    lines = body.splitlines()
    try:
        last = json.loads(lines[-1]) if lines else None
    except ValueError:
        last = None
    return last if isinstance(last, dict) else {}


def _is_complete(body: bytes) -> bool:
    return _last_line(body).get("done") is True


def _early_end(body: bytes) -> JobsError:
    """Why a stream was not answered to its end."""
    problem = _last_line(body).get("problem")
    if isinstance(problem, dict) and "done" in _last_line(body):
        return Problem(int(problem.get("status", 500)), problem)
    return JobsError("the answer was cut")


def _is_passing(problem: Problem) -> bool:
    return problem.status in REPEATED_STATUSES or problem.code in REPEATED_CODES


def _problem(error: urllib.error.HTTPError) -> Problem:
    with error:
        try:
            body = json.loads(error.read())
        except (ValueError, OSError):
            body = {}
    return Problem(error.code, body if isinstance(body, dict) else {})


def _retry_after(error: urllib.error.HTTPError) -> Optional[float]:
    text = error.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _server_sent(answer: Iterable[bytes]) -> Iterator[Tuple[str, Dict[str, Any], Optional[str]]]:
    """Parses text/event-stream; what is cut in the middle of an event is dropped, to be asked for again."""
    event, data, event_id = "message", [], None
    for raw in answer:
        line = raw.decode().rstrip("\r\n")
        if line == "":
            if data:
                yield event, json.loads("\n".join(data)), event_id
            event, data = "message", []
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if field == "event":
                event = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                event_id = value
