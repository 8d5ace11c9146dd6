"""Short sentences on five subjects in Thai and English, written for judging embedders.

Sentences of one subject share few words, so that likeness of meaning counts.
"""

#: Language code to subject to sentences.
PROBE: dict[str, dict[str, tuple[str, ...]]] = {
    "th": {
        "flood": (
            "ฝนตกทีไรน้ำท่วมซอยทุกครั้ง",
            "ท่อระบายน้ำตันจนน้ำเอ่อเข้าบ้าน",
            "ควรขุดลอกคลองก่อนเข้าหน้าฝน",
            "น้ำขังหน้าตลาดหลายวันไม่ลด",
            "ขอให้ติดตั้งเครื่องสูบน้ำเพิ่มในจุดที่ต่ำ",
            "ฝาท่อแตกและน้ำเสียไหลย้อนขึ้นถนน",
        ),
        "waste": (
            "ถังขยะล้นส่งกลิ่นเหม็นรบกวนชาวบ้าน",
            "รถเก็บขยะมาเพียงสัปดาห์ละครั้ง",
            "อยากให้มีจุดทิ้งของชิ้นใหญ่ประจำชุมชน",
            "ควรแยกเศษอาหารออกจากขยะทั่วไป",
            "มีคนแอบทิ้งขยะในที่ดินรกร้าง",
            "ขอถังแยกขวดพลาสติกและกระดาษ",
        ),
        "lighting": (
            "ไฟถนนดับมาเป็นเดือนแล้วยังไม่มีใครซ่อม",
            "ทางเดินหลังโรงเรียนมืดมากตอนกลางคืน",
            "หลอดไฟหน้าปากซอยกะพริบตลอดเวลา",
            "ขอเสาไฟเพิ่มบริเวณสะพานลอย",
            "ซอยเปลี่ยวไม่มีแสงสว่าง เดินกลับบ้านแล้วกลัว",
            "เปลี่ยนเป็นหลอดประหยัดไฟจะสว่างกว่าเดิม",
        ),
        "transport": (
            "รถเมล์สายนี้รอนานเกือบชั่วโมง",
            "ค่าโดยสารรถไฟฟ้าแพงเกินไปสำหรับนักเรียน",
            "ควรมีรถประจำทางเข้าถึงหมู่บ้านรอบนอก",
            "ป้ายรถเมล์ไม่มีหลังคากันแดด",
            "อยากให้ตั๋วใบเดียวใช้ได้ทั้งรถและเรือ",
            "คนขับรถตู้ขับเร็วและรับผู้โดยสารเกิน",
        ),
        "parks": (
            "อยากให้มีสวนสาธารณะใกล้บ้าน",
            "ต้นไม้ใหญ่ริมทางถูกตัดจนไม่มีร่มเงา",
            "สนามเด็กเล่นชำรุดและหญ้ารก",
            "ควรปลูกไม้ยืนต้นแทนไม้กระถาง",
            "ลานออกกำลังกายควรเปิดถึงสองทุ่ม",
            "พื้นที่สีเขียวของเมืองมีน้อยลงทุกปี",
        ),
    },
    "en": {
        "flood": (
            "Our lane is under water whenever it rains.",
            "The drain is blocked and the overflow runs into our house.",
            "Dredge the canal before the wet season starts.",
            "Puddles outside the market stay for days.",
            "Please put more pumps where the ground is low.",
            "A broken manhole sends sewage back onto the road.",
        ),
        "waste": (
            "The bins overflow and smell terrible.",
            "Rubbish is collected only once a week.",
            "We need a place to leave old furniture.",
            "Food scraps should be kept apart from other garbage.",
            "People dump trash on the empty plot at night.",
            "Give us containers for bottles and paper to recycle.",
        ),
        "lighting": (
            "The street lamp has been out for a month.",
            "The path behind the school is very dark in the evening.",
            "A light at the corner keeps flickering.",
            "Install more lamps near the footbridge.",
            "I am afraid to walk home because nothing is lit.",
            "Modern bulbs would be brighter and use less power.",
        ),
        "transport": (
            "I wait almost an hour for this bus.",
            "Train fares are too expensive for students.",
            "A bus route should reach the outer villages.",
            "The stop has no roof against the sun.",
            "One ticket should work on buses and boats.",
            "Van drivers speed and take too many passengers.",
        ),
        "parks": (
            "I would like a public garden close to my home.",
            "The big trees were cut and the shade is gone.",
            "The playground is broken and the grass is high.",
            "Plant real trees instead of flower pots.",
            "The exercise ground should stay open until eight.",
            "There is less green space in town every year.",
        ),
    },
}
