"""Names, places, bodies and addresses in Chinese text: telling words, and the word classes of the segmenter rjieba."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan

_HAN = re.compile(r"[\u4e00-\u9fff]")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付"
    "方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木"
_NAME = rf"(?:(?:{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
_TOLD = re.compile(
    rf"(?:我叫|名叫|我的名字是|名字叫|姓名是?|收件人是?|收货人是?|联系人是?|户名是?|持卡人是?|开户名|署名|签收人|客户|我是|本人|找|给|联系)[:：\s]{{0,2}}(?P<name>{_NAME})(?=[，。,.!！?？;；\s、）)的和在]|$|先生|女士|小姐)"
)
_TITLED = re.compile(
    rf"(?P<name>{_NAME}|[{_SURNAMES}])(?=先生|女士|小姐|太太|老师|经理|医生|师傅|教授|律师|总监|主任)"
)
_NOT_BEFORE_TITLE = re.compile(r"^谢[谢送快配您骑小]|[贵客每那这各有多送餐递]$")
_NO_NAME = re.compile(
    r"^(?:谢谢|黄焖|宫保|黄金|白菜|高兴|方便|周[一二三四五六日末]|时间|明天|向日|金针|石锅|雷人|温馨|麻辣|安全|路上|水果)|[鸡肉饭面菜汤粥饼茶酱鱼虾蛋味店家您旺]$"
)
_ROAD = r"(?:大道|大街|路|街|巷|弄|胡同|里|村|道|公路)"
_ADDRESS = re.compile(
    rf"(?:(?:[\u4e00-\u9fff]{{2,6}}(?:省|自治区))?\s?(?:[\u4e00-\u9fff]{{2,6}}[市州])?\s?(?:[\u4e00-\u9fff]{{1,6}}[区县镇乡])?\s?)"
    rf"[\u4e00-\u9fff]{{1,8}}{_ROAD}\s?[\d一二三四五六七八九十百]{{1,6}}(?:\s?(?:号楼|号院|号|弄|栋|幢|座|单元|室|层|楼|之|-|\d{{1,5}}|[A-Z](?![A-Za-z]))){{1,12}}"
    rf"(?:[\u4e00-\u9fff]{{2,8}}(?:小区|大厦|花园|公寓|广场)\s?(?:\d{{1,5}}\s?(?:号楼|号|栋|幢|座|单元|室|层|楼)?){{0,6}})?"
)
_LEAD = re.compile(
    r"^.*?(?:住在|地址是|地址为|地址改[成为到]|地址|寄到|寄往|送到|发到|发往|位于|收货|改成|改为|住|在|到|是|给)(?=[\u4e00-\u9fff]{2})"
)
_ORG = re.compile(
    r"(?:公司|集团|银行|大学|医院|学校|中学|小学|研究院|研究所|委员会|法院|公安局|派出所|协会|有限责任|事务所)$"
)


def find_chinese(text: str) -> Iterator[PersonalSpan]:
    """Spans in the Han parts of a text; nothing without Han characters."""
    if not _HAN.search(text):
        return
    for match in _ADDRESS.finditer(text):
        lead = _LEAD.match(match[0])
        start = match.start() + (lead.end() if lead and lead.end() < len(match[0]) - 4 else 0)
        yield _span(text, start, match.end(), PersonalKind.ADDRESS, 0.9, "chinese_address")
    for match in _TOLD.finditer(text):
        yield _span(text, *match.span("name"), PersonalKind.PERSON, 0.88, "chinese_told")
    for match in _TITLED.finditer(text):
        if not _NOT_BEFORE_TITLE.search(match["name"]):
            yield _span(text, *match.span("name"), PersonalKind.PERSON, 0.87, "chinese_titled")
    yield from _by_class(text)


def _by_class(text: str) -> Iterator[PersonalSpan]:
    """What the segmenter calls a person, place or body."""
    import rjieba  # noqa: PLC0415 - reads its dictionary when it is imported

    place = 0
    for word, kind in rjieba.tag(text):
        place = text.find(word, place)
        if place < 0:
            return
        end = place + len(word)
        if (
            kind[:2] == "nr"
            and 3 <= len(word) <= 4
            and re.fullmatch(_NAME, word)
            and not _NO_NAME.search(word)
        ):
            yield _span(text, place, end, PersonalKind.PERSON, 0.7, "chinese_class")
        elif kind == "ns" and len(word) >= 2 and _HAN.match(word):
            yield _span(text, place, end, PersonalKind.LOCATION, 0.7, "chinese_class")
        elif (kind == "nt" and len(word) >= 4) or (len(word) >= 5 and _ORG.search(word)):
            yield _span(text, place, end, PersonalKind.ORGANIZATION, 0.7, "chinese_class")
        place = end


def _span(text: str, start: int, end: int, kind: PersonalKind, score: float, rule: str) -> PersonalSpan:
    return PersonalSpan(start, end, kind, text[start:end], score, rule)
