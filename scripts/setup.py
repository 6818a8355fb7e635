"""Make `.venv` and install hashed requirements; standard library only, quick when nothing changed.

    python3 scripts/setup.py core embeddings [dev …]

Uses uv where it can be installed and falls back to pip. Prints what it does, and what to do when it cannot.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(os.environ.get("VENV_DIR", ROOT / ".venv"))
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"


def main(groups: list[str]) -> int:
    """Install the groups named on the command line."""
    if sys.version_info < (3, 11):
        return fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    files = [ROOT / "requirements" / f"{name}.txt" for name in groups]
    missing = [str(f) for f in files if not f.exists()]
    if missing:
        return fail(f"no such requirements: {', '.join(missing)}")
    stamp = VENV / f".installed-{'-'.join(groups)}"
    digest = digest_of([*files, ROOT / "pyproject.toml"])
    if stamp.exists() and stamp.read_text() == digest and PYTHON.exists():
        return 0
    started = time.monotonic()
    if not PYTHON.exists() and (problem := make_venv()):
        return fail(problem)
    say(f"installing {', '.join(groups)}")
    if not (install_with_uv(files) or install_with_pip(files)):
        return fail("the packages could not be installed; the messages above say why.")
    link_checkout()
    stamp.write_text(digest)
    say(f"installed in {time.monotonic() - started:.0f} s")
    return 0


def say(text: str) -> None:
    sys.stdout.write(f"  … {text}\n")
    sys.stdout.flush()


def fail(text: str) -> int:
    sys.stderr.write(f"setup: {text}\n")
    return 1


def digest_of(files: list[Path]) -> str:
    """One fingerprint of all files that decide what is installed."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def make_venv() -> str:
    """Create the environment; returns a problem, or nothing."""
    say(f"creating {VENV.name} with Python {sys.version.split()[0]}")
    try:
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    except (subprocess.CalledProcessError, ImportError):
        shutil.rmtree(VENV, ignore_errors=True)
        if shutil.which("pip") is None and shutil.which("pip3") is None:
            return "Python cannot make environments here. On Debian and Ubuntu: apt install python3-venv"
        venv.create(VENV, with_pip=False)
    return ""


def run(*command: str | Path) -> bool:
    return subprocess.run([str(c) for c in command], check=False).returncode == 0


def pip(*arguments: str | Path) -> bool:
    """The environment's own pip, else the system's pointed at the environment."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    if subprocess.run([PYTHON, "-c", "import pip"], check=False, capture_output=True).returncode == 0:
        return run(PYTHON, "-m", "pip", "install", *quiet, *arguments)
    return run(sys.executable, "-m", "pip", "--python", PYTHON, "install", *quiet, *arguments)


def install_with_uv(files: list[Path]) -> bool:
    """Install by uv, which checks the same hashes in parallel."""
    uv = PYTHON.with_name("uv")
    if not uv.exists() and not pip("--require-hashes", "-r", ROOT / "requirements" / "installer.txt"):
        return False
    lists = [part for file in files for part in ("-r", file)]
    quiet = ("--quiet", "--python", PYTHON)
    return run(uv, "pip", "install", *quiet, "--require-hashes", *lists)


def install_with_pip(files: list[Path]) -> bool:
    """Install by pip."""
    say("uv did not work here, trying pip")
    lists = [part for file in files for part in ("-r", file)]
    return pip("--require-hashes", *lists)


def link_checkout() -> None:
    """Make the checkout importable and give it its command; no build tool is needed for that."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(
        subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    )
    (site / "rapport-checkout.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    command = PYTHON.with_name("rapport")
    lines = [f"#!{PYTHON}", "import sys", "", "from rapport.cli import main", "", "sys.exit(main())", ""]
    command.write_text("\n".join(lines), encoding="utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["core", "embeddings"]))
