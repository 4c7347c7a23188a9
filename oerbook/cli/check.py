"""oerbook check: everything that a machine can say about the book before a person reads it."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options

FORMS = ("text", "json", "github", "sarif", "markdown")


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.root
@options.out("Where what was worked out is kept")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="How to print [default: text].")
@click.option("--base", metavar="REF", help="Judge the submission at HEAD: what it brings to the book at REF.")
@click.option("--allow", multiple=True, metavar="CODE", help="Make remarks of the findings with this code.")
@click.option("--links", is_flag=True, help="Ask the web whether the links still lead somewhere.")
@click.option("--against", type=click.Path(path_type=Path), metavar="DIR", help="Texts that no chapter may copy.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option("-v", "--verbose", is_flag=True, help="Print remarks as well.")
def command(
    paths: tuple[Path, ...], root: Path, out: Path | None, strict: bool, form: str, base: str | None, allow: tuple[str, ...],
    links: bool, against: Path | None, quiet: bool, verbose: bool,
) -> int:  # fmt: skip
    """Say what is wrong with the book, or with some of its files (PATHS); nothing is changed and nothing is run.

    With --base, REF and HEAD are read from git, whatever lies in the folder: the findings that the commits between
    them bring, and what they touch that is not theirs. The settings of REF apply.

    The exit code is 1 if there are errors (with --strict: or warnings).
    """
    import time

    from oerbook.cli import output
    from oerbook.tasks.check.check import Wishes, allowed, check, within

    if base is not None:
        from oerbook.tasks.submissions.review import Asked, judge

        if links or against:
            raise click.UsageError("--links and --against look at the book that is here; leave --base out.")
        judgement = judge(root, out or root / "_build", Asked(base), output.Bars(quiet or form != "text"))
        kept, before = within(judgement.brought, paths, root), within(judgement.before, paths, root)
        output.unmet(allow, kept)
        ended = output.report(form, allowed(kept, allow), before, verbose=verbose, strict=strict, quiet=quiet)
        if judgement.nothing:
            output.note(
                f"{base} has every commit of HEAD, so there was nothing to judge: what you changed counts when it is committed"
            )
        return ended
    wishes = Wishes(links=links, now=int(time.time()), against=against)
    found = check(root, out or root / "_build", wishes, output.Bars(quiet or form != "text"))
    kept = within(found, paths, root)
    output.unmet(allow, kept)
    return output.report(form, allowed(kept, allow), None, verbose=verbose, strict=strict, quiet=quiet)
