"""The layers of docs/architecture.md, no circle, and that light commands stay light."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from support.paths import ROOT

PACKAGE = ROOT / "assistant"
ENTRY_POINTS = {"__init__", "__main__"}
HEAVY = {
    *("torch", "sentence_transformers", "transformers", "gradio", "faiss", "tantivy", "docx", "pptx", "pypdfium2"),
    *("fastapi", "starlette", "uvicorn", "openpyxl", "reportlab", "genanki", "openai", "lxml", "tomlkit"),
}
# These extend a class of reportlab and of Gradio: imported inside functions only.
LAZY = {"assistant.study.export.pdf.typesetting", "assistant.web.chat.event_queue"}
FILES_MOST, LINES_MOST, ENTRIES_MOST = 12, 400, 15


def layers() -> dict[str, int]:
    """Return the line of each package in the table of docs/architecture.md."""
    table = re.findall(r"^\| (\d+) \| ([a-z`_., ]+) \|", (ROOT / "docs/architecture.md").read_text("utf-8"), re.M)
    return {name.strip("`").removesuffix(".py"): int(line) for line, names in table for name in names.split(", ")}


def modules() -> dict[str, list[Path]]:
    """Return the files of each package, by its name."""
    found: dict[str, list[Path]] = {}
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if name not in ENTRY_POINTS:
            found.setdefault(name, []).append(file)
    return found


def dotted(file: Path) -> str:
    """Return the name under which a file is imported."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(file: Path, everywhere: bool = True) -> set[str]:
    """Return the modules of ours that a file imports: all, or those that it imports when it is imported itself."""
    names = set()
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "assistant":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_file = (ROOT / inner.replace(".", "/")).with_suffix(".py").exists()
                names.add(inner if is_file else node.module)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names if alias.name.startswith("assistant"))
    return names


def test_every_package_has_a_layer() -> None:
    assert set(modules()) == set(layers())


def test_packages_import_from_lower_layers_only() -> None:
    order = layers()
    wrong = [
        f"{dotted(file)} imports {other}"
        for name, files in modules().items()
        for file in files
        for other in imported(file)
        if "." in other and (part := other.split(".")[1]) != name and order[part] >= order[name]
    ]
    assert wrong == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {dotted(file): imported(file, everywhere=False) for file in PACKAGE.rglob("*.py")}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle
    assert {"assistant.cli.main", "assistant.base.errors"} <= set(order)


@pytest.mark.parametrize("package", ["study", "web", "answering"])
def test_no_two_rooms_of_a_package_import_each_other(package: str) -> None:
    """The folders and files directly in a package, TYPE_CHECKING and imports inside functions counted too."""
    graph: dict[str, set[str]] = {}
    for file in (PACKAGE / package).rglob("*.py"):
        if (room := dotted(file).split(".")[2:3]) and file.name != "__init__.py":
            inside = {other.split(".")[2] for other in imported(file) if other.startswith(f"assistant.{package}.")}
            graph.setdefault(room[0], set()).update(inside - {room[0]})
    assert len(list(TopologicalSorter(graph).static_order())) >= len(graph)


def test_a_room_is_seen_at_a_glance() -> None:
    """At most 15 entries in assistant/, 12 files of its own in a package, 400 lines in a file."""
    assert len([entry for entry in PACKAGE.iterdir() if entry.name != "__pycache__"]) <= ENTRIES_MOST
    own = {folder: [*folder.glob("*.py"), *folder.glob("*.js")] for folder in PACKAGE.rglob("*") if folder.is_dir()}
    assert [
        str(folder) for folder, files in own.items() if len({f.name for f in files} - {"__init__.py"}) > FILES_MOST
    ] == []
    code = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.js"), *(ROOT / "tests").rglob("*.py")]
    assert [str(file) for file in code if len(file.read_text("utf-8").splitlines()) > LINES_MOST] == []


def test_heavy_libraries_are_imported_inside_functions() -> None:
    wrong = []
    for file in PACKAGE.rglob("*.py"):
        for node in ast.parse(file.read_text("utf-8")).body:
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if dotted(file) not in LAZY:
                wrong += [f"{dotted(file)} imports {name}" for name in names if name.split(".")[0] in HEAVY]
            wrong += [f"{dotted(file)} imports {name}" for name in names if name in LAZY]
    assert wrong == []


def test_asking_imports_neither_torch_nor_gradio() -> None:
    code = (
        "import sys, assistant, assistant.cli.main, assistant.answering.service\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'gradio', 'faiss', 'tantivy', 'docx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "[]"


def test_a_whole_answer_imports_neither_torch_nor_gradio(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from assistant.answering.service import Service\nfrom assistant.base.settings import Settings\n"
        f"service = Service(Settings(corpus=Path('corpus'), index=Path({str(tmp_path)!r})))\n"
        "service.ensure()\nassert service.ask('巡视整改要求是什么').citations\n"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'gradio'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "[]"
