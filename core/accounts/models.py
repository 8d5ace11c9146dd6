"""Tables of agencies, accounts and their roles."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.actor import Role
from core.database import Base, text_enum


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
