"""Installs statusgen from the kit that this file is in, without a network, and puts the history of the site in place.

It needs nothing but Python; install.sh and install.cmd find one that the kit is for, and run this.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

KIT = Path(__file__).resolve().parent
PROGRAMS = KIT / "venv" / ("Scripts" if sys.platform == "win32" else "bin")


def main() -> None:
    """Compare, install, unpack, and say what is next."""
    about = json.loads((KIT / "kit.json").read_text(encoding="utf-8"))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if version not in about["pythons"]:
        sys.exit(f"This is Python {version}, and the kit is for {' or '.join(about['pythons'])}. See CARD.txt.")
    compare_files(is_in_use=(KIT / "venv").exists())
    lacking = install(about["extras"])
    unpack_history(about)
    programs = "venv\\Scripts" if sys.platform == "win32" else "venv/bin"
    print(f"Installed: statusgen {about['statusgen']}, in {programs}.")
    if lacking:
        print(f"Without {', '.join(lacking)}: see CARD.txt.")
    print("Next:")
    for command in (f"cd {KIT / about['site']}", f"{PROGRAMS / 'statusgen'} desk"):
        print(f"  {command}")


def compare_files(is_in_use: bool) -> None:
    """Stop if a file is not as it was in the kit; the site of a kit that is in use is no longer."""
    wrong = []
    for line in (KIT / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, path = line.partition("  ")
        if is_in_use and path.startswith("site/"):
            continue
        try:
            content = (KIT / path).read_bytes()
        except OSError:
            content = None
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            wrong.append(path)
    if wrong:
        what = f"Not as they were when the kit was made, or not there: {', '.join(wrong)}."
        sys.exit(f"{what}\nNothing was installed. Unpack the zip again, or take another copy of it.")


def install(extras: list[str]) -> list[str]:
    """Install statusgen, and those of its extras that the kit has for this computer; return the others."""
    venv.create(KIT / "venv", clear=True, symlinks=sys.platform != "win32")
    if not run_pip(f"statusgen[{','.join(extras)}]").returncode:
        return []
    done = run_pip("statusgen")
    if done.returncode:
        sys.exit(f"{done.stderr}\nNothing was installed: the kit is for other computers than this. See CARD.txt.")
    return [extra for extra in extras if run_pip(f"statusgen[{extra}]").returncode]


def run_pip(wanted: str) -> "subprocess.CompletedProcess[str]":
    """Run the pip of the kit: a system can have none, or keep it in a package of its own."""
    pip = max((KIT / "wheels").glob("pip-*.whl")) / "pip"
    offline = ("--no-index", "--find-links", str(KIT / "wheels"), "--no-cache-dir", "--disable-pip-version-check")
    # What is used is compiled when it is used: that takes less time than to compile all of it.
    how = ("install", "--quiet", "--no-compile", *offline)
    command = [str(PROGRAMS / "python"), "-I", str(pip), "--isolated", *how, wanted]
    return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)


def unpack_history(about: dict[str, str]) -> None:
    """Make the site a repository again, where there is git; its files stay as they are."""
    bundle, site = KIT / "history.bundle", KIT / "site"
    git = shutil.which("git")
    if not bundle.exists() or (site / ".git").exists():
        return
    if git is None:
        print("There is no git on this computer, so the pages will not say what was corrected when.")
        return
    clone = KIT / ".history"
    shutil.rmtree(clone, ignore_errors=True)
    branch = ("--branch", about["branch"]) if about["branch"] else ()
    subprocess.run([git, "clone", "--quiet", "--no-checkout", *branch, str(bundle), str(clone)], check=True)
    (clone / ".git").rename(site / ".git")
    clone.rmdir()
    in_site = [git, "-C", str(site)]
    subprocess.run([*in_site, "reset", "--quiet"], check=True)
    # What belongs to the repository and not to the site is only in the history.
    deleted = subprocess.run([*in_site, "ls-files", "--deleted", "-z"], check=True, capture_output=True).stdout
    subprocess.run([*in_site, "checkout-index", "-z", "--stdin"], input=deleted, check=True)
    if about["origin"]:
        subprocess.run([*in_site, "remote", "set-url", "origin", about["origin"]], check=True)


main()
