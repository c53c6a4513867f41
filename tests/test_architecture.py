"""The layers of docs/architecture.md, and that light commands stay light."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "assistant"
ENTRY_POINTS = {"__init__", "__main__"}


def layers() -> dict[str, int]:
    table = re.findall(r"^\| (\d+) \| ([a-z_, ]+) \|", (ROOT / "docs/architecture.md").read_text("utf-8"), re.M)
    return {name: int(line) for line, names in table for name in names.split(", ")}


def modules() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if name not in ENTRY_POINTS:
            found.setdefault(name, []).append(file)
    return found


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("assistant."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "assistant":
            names.update(alias.name for alias in node.names if not alias.name.startswith("_"))
    return names


def test_every_module_has_a_layer() -> None:
    assert set(modules()) == set(layers())


def test_modules_import_from_lower_layers_only() -> None:
    order = layers()
    wrong = [
        f"{name} imports {other}"
        for name, files in modules().items()
        for file in files
        for other in imported(file)
        if other != name and order[other] >= order[name]
    ]
    assert wrong == []


def test_asking_imports_neither_torch_nor_gradio() -> None:
    code = (
        "import sys, assistant, assistant.cli.main, assistant.service\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'gradio', 'faiss', 'tantivy', 'docx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "[]"


def test_a_whole_answer_imports_neither_torch_nor_gradio(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from assistant.service import Service\nfrom assistant.base.settings import Settings\n"
        f"service = Service(Settings(corpus=Path('corpus'), index=Path({str(tmp_path)!r})))\n"
        "service.ensure()\nassert service.ask('巡视整改要求是什么').citations\n"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'gradio'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "[]"
