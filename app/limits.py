"""How often anyone may do anything: one table, and how requests are counted against it."""

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import OperationalError

from app import challenge
from app.config import Config
from app.logs import security_event
from app.transactions import session, transaction
from core import redis_counters
from core.actor import Actor
from core.errors import ThrottledError
from core.text import matching_key
from core.throttle import Counters, Database, Limit, Memory, Try, give_back, take


class Counts(StrEnum):
    """Which requests stay counted."""

    EVERY = "every"
    #: Those that did something: what a form refused may be mended and sent again.
    DONE = "done"
    #: Those that failed: who gives the right password has not guessed.
    FAILED = "failed"


@dataclass(frozen=True)
class Rule:
    """Limits of one kind of request.

    Attributes
    ----------
    person : tuple of Limit
        For an account that is known by its e-mail address; for a visitor who only reads, for what
        looks like one browser.
    verified : tuple of Limit
        For an account whose person an identity provider has confirmed; as ``person`` if empty.
    address : tuple of Limit
        For an internet address. Thousands can share that of a mobile carrier.
    here : tuple of Limit
        For a name, such as an e-mail address, that is tried from one internet address: whoever
        guesses does not keep the owner out who is elsewhere.
    on_reading : bool
        Whether requests that only read are counted, instead of those that write.
    is_eased : bool
        Whether a solved challenge lets somebody go on when the address is over its limit.
    once : tuple of str
        Fields with words that the same person may send once in ``SAME_WORDS``.
    """

    person: tuple[Limit, ...]
    address: tuple[Limit, ...]
    here: tuple[Limit, ...] = ()
    verified: tuple[Limit, ...] = ()
    counts: Counts = Counts.EVERY
    on_reading: bool = False
    is_eased: bool = False
    once: tuple[str, ...] = ()


def _per(times: int, **length: int) -> Limit:
    return Limit(times, timedelta(**length))


_PER_ADDRESS: Final = (_per(300, minutes=10),)
_MANY: Final = (_per(3_000, minutes=10),)
#: The same words of one person.
SAME_WORDS: Final = _per(1, minutes=5)
#: Solved challenges widen an address's limit so many times, not without end.
EASED: Final = 10

#: Characters of a field that are looked at to tell whether the same words come twice.
_LONGEST: Final = 20_000

#: docs/limits.md has this table for people.
LIMITS: Final[dict[str, Rule]] = {
    "sign_in": Rule(
        person=(_per(30, hours=1),),
        here=(_per(5, minutes=15),),
        address=(_per(100, minutes=15),),
        counts=Counts.FAILED,
        is_eased=True,
    ),
    "sign_in_elsewhere": Rule(person=(_per(10, minutes=10),), address=_PER_ADDRESS),
    "second_step": Rule(
        person=(_per(30, hours=1),), here=(_per(6, minutes=15),), address=(_per(100, minutes=15),)
    ),
    "recover": Rule(person=(_per(3, hours=1),), address=(_per(60, hours=1),), is_eased=True),
    # Each answer of an identity provider counts once, whatever a browser keeps.
    "identity_answer": Rule(person=(_per(1, hours=1),), address=_PER_ADDRESS),
    "identity": Rule(person=(_per(30, minutes=10),), address=_PER_ADDRESS),
    "register": Rule(
        person=(_per(3, hours=1),),
        address=(_per(30, hours=1),),
        counts=Counts.DONE,
        is_eased=True,
    ),
    "letter": Rule(person=(_per(3, hours=1),), address=(_per(30, hours=1),), is_eased=True),
    "unsubscribe": Rule(person=(_per(60, hours=1),), address=_MANY),
    "contribute": Rule(
        person=(_per(1, seconds=30), _per(10, days=1)),
        verified=(_per(1, seconds=10), _per(40, days=1)),
        address=_PER_ADDRESS,
        counts=Counts.DONE,
        is_eased=True,
        once=("body", "proposed_wording"),
    ),
    "change": Rule(person=(_per(60, hours=1),), address=_MANY),
    "preview": Rule(person=(_per(240, minutes=10),), address=_MANY),
    "vote": Rule(
        person=(_per(60, minutes=1), _per(1_500, days=1)),
        verified=(_per(120, minutes=1),),
        address=_MANY,
    ),
    "similar": Rule(person=(_per(60, minutes=1),), address=(_per(1_200, minutes=1),)),
    "flag": Rule(
        person=(_per(10, days=1),),
        verified=(_per(20, days=1),),
        address=_PER_ADDRESS,
        counts=Counts.DONE,
    ),
    "upload": Rule(person=(_per(100, days=1),), address=_PER_ADDRESS),
    "search": Rule(
        person=(_per(60, minutes=1),), address=(_per(1_200, minutes=1),), on_reading=True
    ),
    "export": Rule(person=(_per(60, hours=1),), address=(_per(600, hours=1),), on_reading=True),
    "report": Rule(person=(_per(60, minutes=1),), address=(_per(300, minutes=10),)),
    "receipt": Rule(
        person=(_per(30, minutes=1),), address=(_per(300, minutes=1),), on_reading=True
    ),
}


@dataclass(frozen=True)
class _Taken:
    rule: Rule
    tries: list[Try]
    moment: datetime


def init_app(app: Flask, config: Config) -> None:
    """Choose where attempts are counted, and settle the counts of each request at its end."""
    app.extensions["counters"] = _counters(config)
    app.extensions["limits_secret"] = hmac.digest(config.secret_key.encode(), b"limits", "sha256")
    app.after_request(_settle)


def _counters(config: Config) -> tuple[Counters, ...]:
    if config.limits == "off":
        return ()
    shared = Database(transaction)
    if config.redis_url:
        redis = redis_counters.RedisCounters(redis_counters.connect(config.redis_url))
        return Memory(), redis_counters.WithFallback(redis, shared)
    return (Memory(), shared) if config.limits == "database" else (Memory(),)


def count_request(name: str, actor: Actor) -> None:
    """Count this request against a limit.

    Raises
    ------
    ThrottledError
        ``throttle.too_many``, ``throttle.address``, ``throttle.same_words``, or
        ``challenge.used`` for a solution that counted before.
    """
    rule = LIMITS[name]
    is_reading = request.method in ("GET", "HEAD")
    if is_reading != rule.on_reading or (is_reading and not (request.args or request.view_args)):
        return
    address = Try(f"{name}:ip{_hashed(_address())}", rule.address[0], "throttle.address")
    own = [*_same_words(name, rule, actor), *_of_person(name, rule, actor, is_reading=is_reading)]
    try:
        _take(name, rule, [*own, address])
    except ThrottledError as error:
        solution = _solution(name, rule) if error.code == address.code else None
        if solution is None:
            raise
        wider = Limit(address.limit.times * EASED, address.limit.within)
        _take(name, rule, [*own, solution, Try(f"{address.name}:eased", wider, address.code)])


def count_attempt(name: str, who: str) -> None:
    """Count an attempt by something other than the account, such as an e-mail address.

    Raises
    ------
    ThrottledError
        ``throttle.too_many``.
    """
    rule = LIMITS[name]
    g.failures = name if rule.counts is Counts.FAILED else ""
    here = [Try(f"{name}:h{_hashed(f'{who}|{_address()}')}", limit) for limit in rule.here]
    _take(name, rule, [*here, *(Try(f"{name}:{_hashed(who)}", limit) for limit in rule.person)])


def challenge_for(error: ThrottledError) -> dict[str, object] | None:
    """Return the task that would let this request go on, if there is one for its kind."""
    name = g.get("limited", "")
    if error.code not in ("throttle.address", "challenge.used") or not LIMITS[name].is_eased:
        return None
    return challenge.make(_secret(), name)


def _of_person(name: str, rule: Rule, actor: Actor, *, is_reading: bool) -> list[Try]:
    limits = rule.verified if actor.is_verified and rule.verified else rule.person
    if actor.account_id is not None:
        return [Try(f"{name}:a{actor.account_id}", limit) for limit in limits]
    if not is_reading:
        return []
    headers = (request.headers.get(key, "") for key in ("User-Agent", "Accept-Language"))
    browser = _hashed("|".join((_address(), *headers)))
    return [Try(f"{name}:b{browser}", limit) for limit in limits]


def _same_words(name: str, rule: Rule, actor: Actor) -> list[Try]:
    words = "\n".join(matching_key(request.form.get(field, "")[:_LONGEST]) for field in rule.once)
    if actor.account_id is None or not words.strip():
        return []
    key = _hashed(f"{actor.account_id}|{words}")
    return [Try(f"{name}:same{key}", SAME_WORDS, "throttle.same_words")]


def _solution(name: str, rule: Rule) -> Try | None:
    payload = request.form.get(challenge.FIELD, "")
    return challenge.solved(payload, _secret(), name) if rule.is_eased else None


def _take(name: str, rule: Rule, tries: list[Try]) -> None:
    g.limited = name
    counters = current_app.extensions["counters"]
    if any(isinstance(counter, (Database, redis_counters.WithFallback)) for counter in counters):
        # The counters' transaction is their own: a refused attempt stays refused. This request must
        # not hold one open meanwhile, or SQLite would make the two wait for each other.
        session().rollback()
    try:
        moment = take(counters, tries)
    except ThrottledError as error:
        security_event("limit reached", limit=name, reason=error.code)
        raise
    g.setdefault("taken", []).append(_Taken(rule, tries, moment))


def _settle(response: Response) -> Response:
    """Take back what does not stay counted: a form that was refused, a password that was right."""
    went_on = 300 <= response.status_code < 400
    stays = {Counts.EVERY: True, Counts.DONE: went_on, Counts.FAILED: not went_on}
    if g.get("failures") and not went_on and response.status_code != 429:
        security_event("attempt failed", limit=g.failures)
    for taken in g.pop("taken", []):
        if not stays[taken.rule.counts]:
            with suppress(OperationalError):
                give_back(current_app.extensions["counters"], taken.tries, taken.moment)
    return response


def _address() -> str:
    return request.remote_addr or ""


def _secret() -> bytes:
    secret: bytes = current_app.extensions["limits_secret"]
    return secret


def _hashed(value: str) -> str:
    """Keyed hash, so that the counters hold neither addresses nor words."""
    return hmac.new(_secret(), value.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
