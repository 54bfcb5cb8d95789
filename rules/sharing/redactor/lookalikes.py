"""Characters that look like a plain letter and do not decompose to it, and characters that nobody sees."""

from collections.abc import Mapping

HIDDEN = frozenset(
    (
        *map(chr, range(0xFE00, 0xFE10)),  # variation selectors
        *map(chr, range(0xE0100, 0xE01F0)),
        *map(chr, range(0x180B, 0x1810)),
        *"\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\u2065",  # joiners, fillers and blanks that count as letters
    )
)

_ROWS = {
    # Cyrillic
    "АВСЕНІЈКМОРЅТХУԜҮԌԚ": "ABCEHIJKMOPSTXYWYGQ",
    "авсеһіјкморѕтхуԝүԛԁԍ": "abcehijkmopstxywyqdg",
    "ЗзбѡҽґгпилӏӀ": "3" + "3" + "6" + "w" + "e" + "r" + "r" + "n" + "u" + "n" + "l" + "I",
    # Greek
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺϜ": "ABEZHIKMNOPTYXCMF",
    "αβγεηικνορτυχωϲϳ": "abyenikvoptuxwcj",
    # Armenian, Hebrew, Lisu and Cherokee
    "ՍՕՏԼսօոհցզյլ": "UOSLuonhgqjl",
    "ꓐꓑꓒꓓꓔꓖꓗꓙꓚꓝꓟꓠꓢꓣꓤꓥꓦꓧꓨꓩꓪꓫꓬꓮꓰꓲꓳꓴ": "BPdDTGKJCFMNSRRVVHGJWXYAEIOU",
    "ᎪᏴᏟᎬᎻᏦᏞᎷᎾᏢᏒᏚᎢᏙᎳᏃᎫ": "ABCEHKLMOPRSTVWZJ",
    # letters of Latin that are their own characters
    "ıȷłŁøØđĐħĦŧŦʟɪɢʀʙɴɑɡɩᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱꞁꓸ": "ijlLoOdDhHtTLIGRBNagiACDEJKMOPTUVWZSl.",
    # dashes, dots, signs
    "−⁃˗➖۔ー一ㅡ•·∙。︒․‧／∕⁄⧸＠﹫＃♯﹟": "---" + "-" + "." + "---" + "..." + ".." + ".." + "////" + "@@" + "###",
    "∶꞉：ː": "::::",
    "“”„‟«»″〝〞": '"' * 9,
    "‘’‚‛ʼ′＇": "'" * 7,
}
_BLOCKS = (
    (0x1F150, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),  # negative circled
    (0x1F170, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),  # negative squared
    (0x1F1E6, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),  # regional indicators
)


def _table() -> Mapping[str, str]:
    table = {char: plain for chars, plains in _ROWS.items() for char, plain in zip(chars, plains, strict=True)}
    for first, plains in _BLOCKS:
        table |= {chr(first + offset): plain for offset, plain in enumerate(plains)}
    return table


LOOKALIKES = _table()
