"""Who may import whom, and that importing does nothing else."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "cards", "knowledge")


def sources() -> Iterator[Path]:
    """Every module of the product."""
    yield ROOT / "app.py"
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "node_modules" not in path.parts)


def module(path: Path) -> str:
    """The name a module is imported by."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layers() -> list[str]:
    """The floors of the house, from the top down, as pyproject.toml names them."""
    project: Any = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    found: list[str] = next(each["layers"] for each in contracts if each["type"] == "layers")
    return found


def test_imports_point_one_way() -> None:
    """Every contract of pyproject.toml is kept."""
    linter = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_every_room_has_its_floor() -> None:
    """A new module is given its place among the layers before anything may stand on it."""
    placed = set(re.findall(r"[\w.]+", " ".join(layers())))
    rooms = {".".join(module(path).split(".")[:2]) for path in sources() if path.is_relative_to(ROOT / "bot")}
    assert rooms - {"bot"} - placed == set()


def test_only_the_command_line_imports_the_composition_root() -> None:
    """What needs app.py would need everything; import-linter cannot watch a single module, so this does."""
    importers = {module(path) for path in sources() if "app" in imported(path)}
    assert importers <= {"bot.__main__"}


def imported(path: Path) -> set[str]:
    """The top-level names a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


WATCH = """
import importlib, sys, threading

DEEDS = {"socket.bind", "socket.connect", "sqlite3.connect", "subprocess.Popen", "os.mkdir", "os.remove", "os.putenv"}

def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event in DEEDS:
        sys.exit(f"importing {name} did {event} {arguments}")

sys.dont_write_bytecode = True
for name in ("aiohttp", "alembic", "botbuilder.core", "holidays", "msal", "phonenumbers", "sqlalchemy"):
    importlib.import_module(name)  # what other people's packages do is theirs to answer for
sys.addaudithook(watch)
for name in sys.argv[1:]:
    importlib.import_module(name)
if threading.active_count() > 1:
    sys.exit(f"importing started {threading.enumerate()}")
"""


def test_nothing_happens_at_import() -> None:
    """Importing every module writes nothing, connects nowhere and starts no thread."""
    names = [module(path) for path in sources() if path.name != "env.py"]
    run = subprocess.run([sys.executable, "-c", WATCH, *names], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
