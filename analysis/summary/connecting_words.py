"""Words that a rewording may bring in: none carries a side, an amount, a claim or a feeling."""

_ENGLISH = """
a an the of in on to for with and or that this these those it its is are was were be been being
has have had who whom which what where when there here by from as at into among amongst within
across between looking look looks namely specifically respectively while whereas also overall
total altogether together reads read writes wrote written write says said say states stated
saying contains contain comprises includes include including covers gathers holds hold held
made gave given give received sent came come comes called named titled concerning regarding
respect regard relation terms different differently differ differs difference ways way view
views viewed stands stand apart distinguishes distinguish marks marked characterises case
example instance own words following follows such figure figures range ranges lies lie cast
form formed forms use used uses they their them whose out entitled under heading subject
labelled label amounts comprise contained
"""
_THAI = """
ที่ ซึ่ง อัน คือ เป็น ใน ของ และ กับ ต่อ จาก ถึง โดย ว่า มี ได้ ได้แก่ กล่าว กล่าวว่า ระบุ
ระบุว่า รวม ทั้งสิ้น ตั้งแต่ อยู่ อยู่ที่ ส่วน ขณะที่ ในขณะที่ ด้าน สำหรับ เมื่อ ดู พิจารณา มอง
มุมมอง แตกต่าง แตกต่างกัน ต่าง ต่างกัน หมู่ บรรดา ผู้ ผู้ที่ ตัวอย่าง เช่น ดังนี้ ดัง ต่อไปนี้
จำนวน เรื่อง หัวข้อ ประกอบด้วย ประกอบ ด้วย แบ่ง ออก นั้น นี้ ไว้ ให้ กัน ร่วม ลง ส่ง เข้า มา
ตาม จัด ถ้อยคำ เขียน เขียนว่า บอก บอกว่า ระหว่าง ร่วมกัน รวมกัน ชื่อ ชื่อว่า เกี่ยวกับ ภายใต้
ความ การ ก็ คือว่า ช่วง กล่าวคือ
"""

CONNECTING: dict[str, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "th": frozenset(_THAI.split()),
}
