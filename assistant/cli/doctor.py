"""What is installed, which models are used, the state of corpus and index, and how to mend what is wrong."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from assistant.accounts.account_file import Accounts
from assistant.base.errors import AssistantError
from assistant.base.settings import Settings
from assistant.documents.catalog import load_catalog
from assistant.documents.document import list_files
from assistant.evaluation.feedback.history import open_history
from assistant.index.builder import is_stale
from assistant.index.folder import open_index
from assistant.index.records import Records
from assistant.language.glossary import Glossary, load_glossary
from assistant.library.term_proposals import find_proposals
from assistant.models.encoder import BUNDLED, Encoder, load_encoder
from assistant.models.generator import load_generator, within
from assistant.models.reranker import load_reranker

PACKAGES = (
    "faiss-cpu", "tantivy", "tokenizers", "safetensors", "numpy", "python-docx", "pypdfium2", "charset-normalizer",
    "gradio", "fastapi", "sentence-transformers", "transformers",
)  # fmt: skip


SHOWN_PROPOSALS, DEFINITION_SHOWN = 3, 30


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `text` says what was found and, where not `fine`, the mend."""

    fine: bool
    text: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield findings in the order in which they should be mended."""
    yield Finding(True, f"Python {sys.version.split()[0]}")
    yield from map(_package, PACKAGES)
    yield from _tried(lambda: _tables(settings))
    yield from _tried(lambda: _reading(settings))
    yield from _tried(lambda: iter([Finding(True, open_history(settings).state())]))
    yield from _tried(lambda: _accounts(settings))
    yield from _tried(lambda: _reranker(settings))
    yield from _tried(lambda: _generator(settings))
    try:
        encoder = load_encoder(settings.encoder, settings.model_options)
    except AssistantError as error:
        yield Finding(False, f"编码器：{error}")
        return
    yield from _encoder(settings, encoder)
    yield from _tried(lambda: _index(settings, encoder))


def _package(name: str) -> Finding:
    try:
        return Finding(True, f"{name} {version(name)}")
    except PackageNotFoundError:
        return Finding(False, f"{name} 没有安装：请运行 make run，或 pip install -c constraints.txt -e .")


def _tried(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except AssistantError as error:
        yield Finding(False, str(error))


def _tables(settings: Settings) -> Iterator[Finding]:
    glossary = load_glossary(settings.corpus)
    alone = "" if glossary.words else "（没有 glossary.toml：巡视、巡察这类不同说法不会当作同一个词）"
    yield Finding(True, f"词表 {len(glossary.groups)} 组同义词，{len(glossary.defined)} 条解释{alone}")


def _reading(settings: Settings) -> Iterator[Finding]:
    files, catalog = list_files(settings.corpus), load_catalog(settings.corpus)
    yield Finding(bool(files), f"文件夹 {settings.corpus}：{len(files)} 个文件" + ("" if files else "，请把文件放进去"))
    present = {file.path for file in files}
    for path in catalog.paths:
        if path not in present:
            yield Finding(False, f"catalog.toml 里的 {path} 不在文件夹里：请改正 file，或删去这一条。")
    for path, later in catalog.without_successor(present).items():
        yield Finding(False, f"catalog.toml 里代替 {path} 的 {later} 不在文件夹里：请改正 replaced_by，或删去它。")


def _accounts(settings: Settings) -> Iterator[Finding]:
    """Say whether people must log in, as `Logins` decides it."""
    accounts = Accounts(settings.users)
    count = len(accounts.roster().users)
    if count:
        yield Finding(True, f"账号 {count} 个用户（{accounts.file}），网页要登录才能用")
    elif settings.proxy_user_header:
        mend = "没有人进得来，请运行 python -m assistant user add 用户名 --role manager --without-password。"
        yield Finding(False, f"账号 由反向代理登录，但 {accounts.file} 里没有用户：{mend}")
    elif settings.without_accounts:
        yield Finding(True, "没有账号：设置 without_accounts 让别的电脑也不用登录，能连上的人都能改动全部文件")
    else:
        yield Finding(True, "没有账号：只限本机，网页不用登录（添加：python -m assistant user add）")


def _reranker(settings: Settings) -> Iterator[Finding]:
    reranker = load_reranker(settings.reranker, settings.reranker_candidates, settings.model_options)
    if reranker is None:
        yield Finding(True, "重排模型 没有设置（可选）")
    else:
        yield Finding(True, f"重排模型 {reranker.name}，重排前 {reranker.candidates} 段")


def _generator(settings: Settings) -> Iterator[Finding]:
    generator = load_generator(settings.generator, settings.generator_options)
    if generator is None:
        yield Finding(True, "语言模型 没有设置（可选）")
        return
    hello = [{"role": "user", "content": "请回答：好。"}]
    words = next(within(settings.generator_timeout, lambda: generator.stream(hello)), "")
    silent = f"语言模型 {generator.name} 什么也没有写：请换一个模型，或删去设置 generator。"
    yield Finding(bool(words), f"语言模型 {generator.name}，已试写" if words else silent)


def _encoder(settings: Settings, encoder: Encoder) -> Iterator[Finding]:
    yield Finding(True, f"编码器 {encoder.name}，{encoder.dimensions} 维，指纹 {encoder.fingerprint[:12]}")
    if encoder.name == BUNDLED and (settings.encoder_query_prompt or settings.encoder_document_prompt):
        yield Finding(True, "  encoder_query_prompt、encoder_document_prompt 只用于自选的编码器，现在不起作用")


def _index(settings: Settings, encoder: Encoder) -> Iterator[Finding]:
    if is_stale(settings.corpus, settings.index, encoder):
        yield Finding(False, f"索引 {settings.index} 还没有或已过时：请运行 python -m assistant build。")
        return
    index = open_index(settings.index, encoder)
    try:
        counts = index.manifest.counts
        yield Finding(True, f"索引 {settings.index}：{counts['document']} 份文件，{counts['passage']} 段")
        for record in index.records.documents():
            date = f"，{record.date}" if record.date else ""
            encoding = f"，{record.encoding}" if record.encoding else ""
            yield Finding(True, f"  {record.id} 《{record.title}》{date}（{record.path}{encoding}）")
        for problem in index.manifest.problems:
            yield Finding(False, f"未收录 {problem.path}：{problem.reason}")
        yield from _tried(lambda: _proposals(index.records, load_glossary(settings.corpus)))
    finally:
        index.close()


def _proposals(records: Records, glossary: Glossary) -> Iterator[Finding]:
    """Say which words of the documents could stand in the glossary: how many, a few of each kind, how to get all."""
    found = find_proposals(records, glossary.words)
    kinds = (
        ("简称", [f"{name.full}＝{name.short} {name.source}" for name in found.names]),
        ("定义", [f"{one.word}：{one.text[:DEFINITION_SHOWN]} {one.source}" for one in found.definitions]),
        ("引号里的说法", [f"“{q.word}” {q.documents} 份文件 {q.count} 次，{q.source}" for q in found.quoted]),
    )
    counts = "，".join(f"{name} {len(lines)} 个" for name, lines in kinds if lines)
    if counts:
        yield Finding(True, f"可以写进词表的说法：{counts}；全部请看 python -m assistant doctor --terms")
    for name, lines in kinds:
        for line in lines[:SHOWN_PROPOSALS]:
            yield Finding(True, f"  {name}  {line}")
