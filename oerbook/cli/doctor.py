"""oerbook doctor: show installed and missing tools."""

from __future__ import annotations

import click


@click.command("doctor")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(output_format: str) -> int:
    """Show which tools are installed, in which version, which are missing, and how to install them.

    The exit code is 1 if a tool is missing that a build needs.
    """
    from oerbook.cli import output
    from oerbook.tasks.doctor import list_tools

    tools = list_tools()
    if output_format == "json":
        rows = [{"name": t.name, "version": t.version, "needed": t.required, "remedy": t.install_hint} for t in tools]
        output.print_json({"tools": rows})
    for tool in () if output_format == "json" else tools:
        state = "ok     " if tool.version else ("missing" if tool.required else "absent ")
        color = "green" if tool.version else ("red" if tool.required else "yellow")
        click.echo(f"{click.style(state, fg=color)} {tool.name:<14} {tool.version or tool.purpose}")
        if not tool.version:
            click.echo(f"        {tool.install_hint}")
    return 1 if any(tool.required and not tool.version for tool in tools) else 0
