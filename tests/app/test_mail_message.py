"""Messages that no title, name or address can break out of."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.mail.message import SUBJECT_LENGTH, AddressError, Words, make_message, one_line

SENDER = Address("Sarn", addr_spec="sarn@consult.example.org")
AT = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
HEADERS = {
    "Subject",
    "From",
    "To",
    "Date",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
}
hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\r\n\t\0\x0b\x0c\x1b\x85\u2028\u2029\u202e\u200f:;,<>\"'=?@ กำเเ็้๑"),
    ),
    max_size=400,
)


def received(subject: str, body: str = "", recipient: str = "a@example.org") -> EmailMessage:
    """What a receiver reads of a message."""
    words = Words(subject, body, f"<p>{len(body)}</p>", "th")
    message = make_message(
        words,
        sender=SENDER,
        recipient=recipient,
        message_id="0" * 32,
        at=AT,
        unsubscribe="https://consult.example.org/letters/unsubscribe/" + "x" * 500,
    )
    return message_from_bytes(message.as_bytes(), policy=default)  # type: ignore[return-value]


@given(hostile)
@example("Hello\r\nBcc: victim@example.org")
@example("Hello\n\n<script>alert(1)</script>")
@example("=?utf-8?q?evil=0D=0ABcc:_x@example.org?=")
@example("ร่างพระราชบัญญัติ" * 30)
def test_no_subject_adds_a_header_or_loses_words(subject: str) -> None:
    message = received(subject)
    assert set(message.keys()) == HEADERS
    assert len(message.keys()) == len(HEADERS)
    assert "\n" not in str(message["Subject"])
    assert str(message["To"]) == "a@example.org"


@given(st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P"]), max_size=140))
def test_a_title_arrives_as_it_was_written(title: str) -> None:
    subject = str(received(f"เรื่อง {title} จบ")["Subject"])
    assert subject == one_line(f"เรื่อง {title} จบ")


@given(hostile)
def test_a_subject_is_one_line_of_bounded_length(text: str) -> None:
    line = one_line(text)
    assert len(line) <= SUBJECT_LENGTH
    assert line == " ".join(line.split())
    assert not set(line) & set("\r\n\0\u202e\u2028")


@given(hostile)
def test_a_body_arrives_whole(body: str) -> None:
    clean = body.replace("\r\n", "\n").replace("\r", "\n").encode(errors="replace").decode()
    text = received("x", f"{clean}\nend").get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == f"{clean}\nend".splitlines()
    assert text.get_content_charset() == "utf-8"


@given(hostile, hostile)
@example("a", "example.org>\r\nBcc: x@example.org")
@example('"a@x.org,b', "example.org")
@example("a,b", "example.org")
@example("a b", "example.org")
@example("<a", "example.org>")
def test_an_address_is_one_address_or_refused(local: str, domain: str) -> None:
    try:
        message = received("x", recipient=f"{local}@{domain}")
    except AddressError:
        return
    assert set(message.keys()) == HEADERS
    assert len(message["To"].addresses) == 1


@pytest.mark.parametrize("address", ["", "a", "a@", "@b.org", "a@b@c.org", "a\n@b.org", "a@b .org"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        received("x", recipient=address)


def test_a_thai_domain_is_written_so_that_every_server_understands_it() -> None:
    assert received("x", recipient="a@ไทย.example.org")["To"] == "a@xn--o3cw4h.example.org"


def test_a_message_says_how_to_stop_letters_by_one_request() -> None:
    message = received("x")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(message["List-Unsubscribe"]).startswith("<https://consult.example.org/letters/")
    assert message["Message-ID"] == f"<{'0' * 32}@consult.example.org>"
    assert message["Date"].datetime == AT
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
