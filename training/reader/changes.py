"""Questions changed by a program so that the sentence that answered no longer does.

One thing that the question names is put in another's stead: a year, a plan, a place, a body, a level,
an amount, an article. Only what the right sentence or the headings above it name as well is changed:
otherwise the sentence may answer the changed question just as well.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

PROVINCES = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 "
    "四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆"
).split()
BODIES = (
    "财政局 教育局 民政局 司法局 人社局 住建局 水务局 水利局 农业农村局 交通运输局 文旅局 卫健委 应急局 审计局 "
    "统计局 医保局 信访局 公安局"
).split()
DEPARTMENTS = "组织部 宣传部 统战部 政法委 纪委监委 办公室 人事处 财务处 后勤处 保卫处".split()
LEVELS = "国家级 省级 市级 县级 乡级 校级 部级".split()
RANKS = "国务院 省政府 市政府 县政府 区政府 乡镇政府".split()
REACHES = "全国 全省 全市 全县 全区 全镇 全院 全校".split()
PLANS = "十二五 十三五 十四五 十五五 十六五".split()
LISTS = (PROVINCES, BODIES, DEPARTMENTS, LEVELS, RANKS, REACHES, PLANS)
HAN_NUMBERS = (
    "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十八 二十 二十一 二十五 三十 三十二 四十".split()
)

_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_ARTICLE = re.compile("(?<=第)[一二三四五六七八九十]{1,4}(?=[条章款项次批届])")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?(?=[万亿]|元|人|家|个|项|天|岁|年|月|%|公里|亩|吨)")
_BOUND = re.compile("以上|以下|以内|不足|超过|不满|至少|至多|不得|满|低于|高于")


@dataclass(frozen=True)
class Change:
    """A changed question; `new` is what now stands in `old`'s stead."""

    question: str
    old: str
    new: str


def change(question: str, right: Sequence[str], rng: random.Random) -> Change | None:
    """Return `question` with one thing changed, or None where nothing can be changed safely.

    `right` are the texts of the places that hold the right sentences, headings included.
    """
    said = "\n".join(right)
    found = [one for one in _changes(question, said, rng) if one.old in said and one.new not in said]
    return rng.choice(found) if found else None


def specified(question: str, title: str) -> str:
    """Return `question` with the province in front that its document's title names, where it names none itself."""
    own = next((name for name in PROVINCES if name in title), None)
    return question if own is None or any(name in question for name in PROVINCES) else own + question


def _changes(question: str, said: str, rng: random.Random) -> list[Change]:
    found = [
        _swap(question, m, str(int(m.group()) + rng.choice((-3, -2, -1, 1, 2, 3)))) for m in _YEAR.finditer(question)
    ]
    found += [_swap(question, m, _other(HAN_NUMBERS, m.group(), rng)) for m in _ARTICLE.finditer(question)]
    if not _BOUND.search(said):
        found += [_swap(question, m, _amount(m.group(), rng)) for m in _AMOUNT.finditer(question)]
    for names in LISTS:
        found += [_named(question, name, _other(names, name, rng)) for name in names if name in question]
    return found


def _swap(question: str, at: re.Match[str], new: str) -> Change:
    return Change(question[: at.start()] + new + question[at.end() :], at.group(), new)


def _named(question: str, old: str, new: str) -> Change:
    return Change(question.replace(old, new), old, new)


def _other(names: Sequence[str], name: str, rng: random.Random) -> str:
    return rng.choice([one for one in names if one not in name and name not in one])


def _amount(number: str, rng: random.Random) -> str:
    factor = rng.choice((0.4, 0.5, 1.5, 2, 3))
    changed = float(number) * factor
    return f"{changed:.1f}" if "." in number else str(max(1, round(changed) + (round(changed) == int(number))))
