"""The app package that an administrator uploads to Teams: manifest/ with the bot's id filled in, as one zip file."""

import json
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from bot.errors import SettingError

ICONS = ("color.png", "outline.png")


def package(folder: Path, app_id: str, target: Path) -> None:
    """Write the app package of a manifest folder to `target`; SettingError where a file cannot be read or written."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["id"] = manifest["bots"][0]["botId"] = app_id
        # A ZipInfo carries no date of today, so the same files make the same package.
        with ZipFile(target, "w") as archive:
            archive.writestr(ZipInfo("manifest.json"), json.dumps(manifest, indent=2, ensure_ascii=False))
            for icon in ICONS:
                archive.writestr(ZipInfo(icon), (folder / icon).read_bytes())
    except OSError as error:
        raise SettingError(f"{error.filename} cannot be used for the app package: {error.strerror}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise SettingError(f"{folder / 'manifest.json'} is not a Teams manifest with one bot: {error}") from error
