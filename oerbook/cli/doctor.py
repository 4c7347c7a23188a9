"""oerbook doctor: what is installed, what is missing, how to get it."""

from __future__ import annotations

import click


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> int:
    """Say what is installed, in which version, what is missing, and how to get it.

    The exit code is 1 if something is missing that a build needs.
    """
    from oerbook.cli import output
    from oerbook.tasks.doctor import examine

    found = examine()
    if as_json:
        rows = [{"name": t.name, "version": t.version, "needed": t.needed, "remedy": t.remedy} for t in found]
        output.as_json({"tools": rows})
    for tool in () if as_json else found:
        mark = "ok     " if tool.version else ("missing" if tool.needed else "absent ")
        colour = "green" if tool.version else ("red" if tool.needed else "yellow")
        click.echo(f"{click.style(mark, fg=colour)} {tool.name:<14} {tool.version or tool.purpose}")
        if not tool.version:
            click.echo(f"        {tool.remedy}")
    return 1 if any(tool.needed and not tool.version for tool in found) else 0
