"""A small set of knowledge files for the tests, and a way to spoil one of them."""

import shutil
from pathlib import Path

SMALL = Path(__file__).parent / "data" / "knowledge"


def spoilt(folder: Path, file: str, old: str, new: str) -> Path:
    """Copy the small knowledge into `folder`, replace `old` by `new` in one file, and return the folder."""
    copy = folder / "knowledge"
    shutil.copytree(SMALL, copy)
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy
