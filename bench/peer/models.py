"""Tables of the peer application."""

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]


class Session(Base):
    """A signed-in browser. The cookie's value is never stored, only its SHA-256."""

    __tablename__ = "session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    csrf: Mapped[str]
    created: Mapped[int]
    seen: Mapped[int]


class Generation(Base):
    """One stored result. Times are seconds since the epoch."""

    __tablename__ = "generation"
    __table_args__ = (Index("generation_created", "created", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    created: Mapped[int]
    name: Mapped[str]
    pattern: Mapped[str]
    target: Mapped[str]
    status: Mapped[str]
    engine: Mapped[str]
    duration_ms: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
