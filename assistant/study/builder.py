"""A brief to a pack, step by step with progress."""

from assistant.answering.service import Service
from assistant.index.builder import Report
from assistant.study.formulations.formulations import formulations
from assistant.study.outline.outline import outlines
from assistant.study.outline.summary import summary
from assistant.study.pack import Brief, Pack
from assistant.study.paper.assembly import choose
from assistant.study.proofreading.remarks import remarks
from assistant.study.questions.items import candidates
from assistant.study.session.flashcards import cards
from assistant.study.session.plan import plan, plan_notes
from assistant.study.source.texts import texts_of

STAGES = ("读取文件", "整理提纲", "找出提法", "检查用语", "出题", "安排课程")


def build_pack(service: Service, brief: Brief, report: Report | None = None) -> Pack:
    """Return the pack that `brief` asks for, of the documents that `service` may read.

    `report` hears of each stage: its name, how far, of how many. Raises `SettingsError` where the brief
    chooses nothing; where the texts carry less than is asked for, the pack says so in its notes.
    """
    tell = report or _silent
    tell(STAGES[0], 0, len(STAGES))
    texts = texts_of(service, brief)
    tell(STAGES[1], 1, len(STAGES))
    structure = outlines(texts)
    tell(STAGES[2], 2, len(STAGES))
    found = formulations(texts, service.words)
    tell(STAGES[3], 3, len(STAGES))
    noticed = remarks(texts, service.words)
    tell(STAGES[4], 4, len(STAGES))
    carried = tuple(candidates(texts, found, brief.seed, service.glossary))
    items, notes = choose(carried, brief)
    tell(STAGES[5], 5, len(STAGES))
    steps = plan(texts, items, brief)
    return Pack(
        title=brief.title or _title(brief, texts[0].record.title, len(texts)),
        brief=brief,
        documents=tuple(text.line for text in texts),
        outlines=structure,
        summary=summary(structure, texts),
        formulations=found,
        remarks=noticed,
        items=items,
        cards=cards(found, carried, texts),
        plan=steps,
        notes=(*notes, *plan_notes(steps, texts, brief)),
    )


def _title(brief: Brief, first: str, count: int) -> str:
    """Return a title for a pack that was given none, of so many documents."""
    subject = f"“{brief.topic}”" if brief.topic else f"《{first}》" + (f"等 {count} 份文件" if count > 1 else "")
    return f"{subject}学习材料"


def _silent(label: str, done: int, total: int) -> None:
    """Tell nobody."""
