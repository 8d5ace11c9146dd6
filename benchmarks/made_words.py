"""Made sentences in Thai and English for databases of any size; the same seed, the same words."""

import random

THAI_SUBJECTS = (
    "ผู้ค้าบนทางเท้า", "ชุมชนริมคลอง", "โรงเรียนขนาดเล็ก", "ผู้สูงอายุ", "คนพิการ", "เกษตรกรรายย่อย",
    "ผู้ประกอบการท้องถิ่น", "ผู้เช่าบ้าน", "เทศบาล", "สถานพยาบาล", "ผู้ใช้รถสาธารณะ", "แรงงานนอกระบบ",
)  # fmt: skip
THAI_VERBS = (
    "ควรได้รับแจ้งล่วงหน้า", "ต้องมีส่วนร่วมในการตัดสินใจ", "ไม่ควรเสียค่าธรรมเนียมเพิ่ม",
    "ขอให้ทบทวนระยะเวลา", "เสนอให้เพิ่มจุดบริการ", "อยากเห็นข้อมูลเปิดเผย", "ควรมีผู้แทนในคณะกรรมการ",
    "ต้องใช้ภาษาที่เข้าใจง่าย",
)  # fmt: skip
THAI_REASONS = (
    "เพราะกระทบรายได้ประจำวัน", "เพราะพื้นที่แต่ละแห่งต่างกัน", "เนื่องจากงบประมาณมีจำกัด",
    "เพื่อความปลอดภัยของเด็กและผู้สูงอายุ", "ตามหลักความเสมอภาค", "จากประสบการณ์น้ำท่วมปีก่อน",
    "เพราะการเดินทางไกลเกินไป", "เพื่อลดความซ้ำซ้อนของหน่วยงาน",
)  # fmt: skip
ENGLISH_SUBJECTS = (
    "Street vendors", "Canal communities", "Small schools", "Older people", "Local businesses",
    "Tenants", "The municipality", "Bus passengers", "Informal workers", "Smallholders",
)  # fmt: skip
ENGLISH_VERBS = (
    "should be told in advance", "must have a say in the decision", "should not pay a higher fee",
    "need more time to adapt", "want open data on this", "should sit on the committee",
)  # fmt: skip
ENGLISH_REASONS = (
    "because daily income depends on it", "because places differ", "as the budget is limited",
    "for the safety of children", "after last year's floods", "to end double work of agencies",
)  # fmt: skip
MATTERS_TH = (
    "ทางเท้า",
    "ขยะมูลฝอย",
    "น้ำสะอาด",
    "ป่าชุมชน",
    "ขนส่งมวลชน",
    "ที่อยู่อาศัย",
    "ข้อมูลเปิด",
    "พลังงาน",
)
MATTERS_EN = ("pavements", "waste", "clean water", "community forests", "public transport",
              "housing", "open data", "energy")  # fmt: skip


def sentence(source: random.Random, language: str) -> str:
    """Return one sentence of about 60 to 90 characters."""
    if language == "th":
        parts = (THAI_SUBJECTS, THAI_VERBS, THAI_REASONS)
        return "".join(source.choice(words) for words in parts)
    parts = (ENGLISH_SUBJECTS, ENGLISH_VERBS, ENGLISH_REASONS)
    return " ".join(source.choice(words) for words in parts) + "."


def passage(source: random.Random, language: str, sentences: int) -> str:
    """Return so many sentences in a row."""
    return " ".join(sentence(source, language) for _ in range(sentences))
