"""Comments made for the tests: each is two phrases of one subject, none is a near-duplicate."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from analysis.texts.comment_files import CommentTable

THAI: dict[str, tuple[str, ...]] = {
    "flood": (
        "น้ำท่วมซอยทุกครั้งที่ฝนตกหนัก",
        "ท่อระบายน้ำตันมานานหลายเดือน",
        "ขอให้ขุดลอกคลองก่อนหน้าฝน",
        "เครื่องสูบน้ำเสียและไม่มีใครมาซ่อม",
        "ระดับน้ำในคลองสูงกว่าถนน",
        "น้ำขังหน้าบ้านจนยุงลายวางไข่",
        "ฝาท่อระบายน้ำแตกเป็นอันตราย",
    ),
    "waste": (
        "ถังขยะล้นส่งกลิ่นเหม็นทั้งวัน",
        "รถเก็บขยะไม่มาตามเวลา",
        "ควรแยกขยะเศษอาหารออกจากพลาสติก",
        "มีคนแอบทิ้งขยะในที่รกร้าง",
        "อยากได้จุดทิ้งขยะชิ้นใหญ่ในชุมชน",
        "สุนัขคุ้ยถุงขยะกระจายเต็มทาง",
        "ค่าเก็บขยะแพงแต่ขยะยังตกค้าง",
    ),
    "lighting": (
        "ไฟถนนดับทั้งซอยมาสองสัปดาห์",
        "ทางเดินหลังโรงเรียนมืดมาก",
        "หลอดไฟหน้าปากซอยกะพริบตลอด",
        "ขอเสาไฟเพิ่มใกล้สะพานลอย",
        "แสงสว่างไม่พอผู้หญิงเดินกลับบ้านลำบาก",
        "โคมไฟชำรุดห้อยลงมาเกือบถึงพื้น",
        "ควรเปลี่ยนเป็นไฟแอลอีดีทุกดวง",
    ),
    "transport": (
        "รถเมล์สายนี้รอนานเป็นชั่วโมง",
        "ค่าโดยสารรถไฟฟ้าแพงสำหรับนักเรียน",
        "ป้ายรถเมล์ไม่มีหลังคากันแดดกันฝน",
        "อยากให้มีรถประจำทางเข้าหมู่บ้าน",
        "คนขับรถตู้ขับเร็วรับผู้โดยสารเกิน",
        "ควรใช้ตั๋วใบเดียวทั้งรถเมล์และเรือโดยสาร",
        "รถเมล์เที่ยวดึกมีน้อยเกินไป",
    ),
}
ENGLISH: dict[str, tuple[str, ...]] = {
    "cycling": (
        "cycle lanes are blocked by parked vans",
        "a bicycle path along the canal would be lovely",
        "cyclists need protected junctions",
        "bike racks at the station are always full",
        "potholes in the cycle lane throw riders off",
        "children should learn cycling at school",
        "paint alone does not protect a cyclist",
    ),
    "library": (
        "the library closes too early for working families",
        "more books in minority languages please",
        "keep the reading room quiet for students",
        "librarians helped me find a course",
        "borrowing should stay free of charge",
        "the children's book corner needs new furniture",
        "a mobile library could visit the villages",
    ),
    "market": (
        "market stalls pay far more rent than last year",
        "traders want electricity at every stall",
        "the fish market floor is slippery",
        "let farmers sell vegetables on sundays",
        "night market noise keeps neighbours awake",
        "street food vendors need running water",
        "market opening hours should follow the tide",
    ),
}


def comments_on(subjects: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Return the comments and the subject of each: all pairs of phrases of a subject."""
    texts: list[str] = []
    names: list[str] = []
    for name, phrases in subjects.items():
        for first, second in combinations(phrases, 2):
            texts.append(f"{first} {second}")
            names.append(name)
    return texts, names


def table_of(texts: Sequence[str], **columns: Sequence[str]) -> CommentTable:
    """Return a table with the ids c0, c1, ..."""
    return CommentTable(
        tuple(f"c{place}" for place in range(len(texts))),
        tuple(texts),
        **{name: tuple(values) for name, values in columns.items()},
    )
