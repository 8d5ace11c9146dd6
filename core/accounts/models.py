"""Tables of agencies, accounts and their roles."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.actor import Role
from core.database import Base, UtcDateTime, text_enum


class AccountStatus(StrEnum):
    """Whether an account can be used."""

    ACTIVE = "active"
    CLOSED = "closed"


class Agency(Base):
    """A public body that holds consultations."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name_th: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))


class Account(Base):
    """Credentials of one person. What the person says or votes never points here."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The address, encrypted; readable only with the site's secret.
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    #: Keyed index of the canonical address: found and kept unique without being readable.
    email_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    #: The day on which the person showed that the address is theirs; None before that.
    email_confirmed_on: Mapped[date | None]
    #: Sealed tag of the person, kept when the address is changed: one person stays one person.
    person_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Sealed tags under which the person took part before; see docs/decisions/0008.
    earlier_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Whether an identity provider has confirmed the person.
    is_verified: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Name of the organisation that the account speaks for; empty for a person's own.
    organisation: Mapped[str] = mapped_column(String(200), default="", server_default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(8), default="th")
    status: Mapped[AccountStatus] = mapped_column(
        text_enum(AccountStatus), default=AccountStatus.ACTIVE
    )
    #: Raised to end every session of the account.
    session_version: Mapped[int] = mapped_column(default=1)
    #: The day only: an exact moment would help to match accounts with contributions.
    created_on: Mapped[date]
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="account", lazy="selectin", cascade="all, delete-orphan"
    )


class FormerAddress(Base):
    """An address that an account gave up; nobody else can register it and be taken for them."""

    __tablename__ = "former_address"

    email_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )


class RoleGrant(Base):
    """One role of one account; for officers and approvers, in one agency."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("account_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(text_enum(Role))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    account: Mapped[Account] = relationship(back_populates="grants", lazy="raise_on_sql")


class IdentityLink(Base):
    """An identity provider says who an account's person is; neither name nor number is kept."""

    __tablename__ = "identity_link"
    __table_args__ = (UniqueConstraint("account_id", "issuer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    #: The provider, as its own metadata names it.
    issuer: Mapped[str] = mapped_column(String(200))
    #: Keyed index of the provider's number for the person.
    subject_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    #: Keyed index of the person, the same at all providers that know the same number.
    person_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    #: How sure the provider says to be; its own code.
    level: Mapped[str] = mapped_column(String(64), default="")
    verified_on: Mapped[date]


class BrowserSession(Base):
    """One browser in which an account is signed in; gone when it signs out."""

    __tablename__ = "browser_session"

    #: Hash of the random number that the browser holds.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: When the person last showed a password, code or passkey.
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Whether the person showed a second factor.
    second_step: Mapped[bool] = mapped_column(default=False)


class FactorKind(StrEnum):
    """What somebody shows besides the password."""

    #: Six digits of an authenticator app (RFC 6238).
    TOTP = "totp"
    #: A key kept by a device (WebAuthn).
    PASSKEY = "passkey"


class SecondFactor(Base):
    """What the person of an account can show besides the password."""

    __tablename__ = "second_factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[FactorKind] = mapped_column(text_enum(FactorKind))
    name: Mapped[str] = mapped_column(String(80), default="")
    #: The app's secret or the passkey's public key, encrypted.
    secret_sealed: Mapped[str] = mapped_column(String(2000))
    #: Hash of a passkey's number; None for an app.
    credential_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    #: The time step of the last code, or the passkey's last signature count: neither goes back.
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    added_on: Mapped[date]


class RecoveryCode(Base):
    """A code for the day on which every other factor is lost; gone once used."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
