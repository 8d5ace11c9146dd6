"""What is printed when the site starts on one's own machine: where it is, and who may sign in."""

import json

from app.sample.people import ACCOUNTS_FILE, SampleAccount, SampleAccounts
from app.sample.texts import FOLDER

_NO_SAMPLE = """\
ฐานข้อมูลนี้มีเรื่องรับฟังความคิดเห็นอยู่แล้ว จึงไม่ได้โหลดข้อมูลตัวอย่าง หากต้องการ ใช้คำสั่ง
This database holds consultations already, so the sample was not loaded. To load it all the same:
  flask --app wsgi demo load"""

_LOST = f"({ACCOUNTS_FILE} หายไป / is gone: remove the database to start anew)"


def welcome(address: str, accounts: SampleAccounts) -> str:
    """Return the text in Thai and English.

    Parameters
    ----------
    address : str
        Of the front page, with a slash at the end; empty when no site is being served.
    accounts : SampleAccounts
        Empty when the sample is not loaded.
    """
    parts = [_addresses(address)] if address else []
    return "\n\n".join([*parts, _listed(accounts) if accounts else _NO_SAMPLE]) + "\n"


def _addresses(address: str) -> str:
    return "\n".join(
        (
            f"สาน (Sarn)  {address}",
            f"  ภาษาไทย  {address}lang/th",
            f"  English  {address}lang/en",
            "  หยุดด้วย Ctrl-C / stop with Ctrl-C",
        )
    )


def _listed(accounts: SampleAccounts) -> str:
    told = json.loads((FOLDER / "accounts.json").read_text(encoding="utf-8"))
    lines = [
        "บัญชีตัวอย่าง รหัสผ่านสร้างขึ้นใหม่บนเครื่องนี้",
        f"Sample accounts; the passwords were made on this machine (kept in {ACCOUNTS_FILE})",
    ]
    return "\n\n".join(["\n".join(lines), *(_block(entry, told[entry.name]) for entry in accounts)])


def _block(entry: SampleAccount, told: dict[str, list[str]]) -> str:
    return "\n".join(
        [
            f"  {entry.email}   {entry.password or _LOST}",
            *(f"    {role}: {task}" for role, task in (told["th"], told["en"])),
        ]
    )
