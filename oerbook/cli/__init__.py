"""The command line: one file a command, loaded only when it is called, so that --help is instant."""

from __future__ import annotations

import io
import sys
from importlib import import_module

import click

from oerbook import __version__
from oerbook.errors import OerbookError

COMMANDS = {
    "init": "Begin a book that builds at once.",
    "new": "Begin a chapter or a contributor's file.",
    "check": "Say what is wrong with the book, or with a submission.",
    "merge": "Bring submissions into the book, each judged before it goes in.",
    "build": "Make the book: web site, EPUB, PDF, DOCX.",
    "serve": "Look at the book in the browser while it is written.",
    "open": "Show what was built.",
    "publish": "Put the web site where readers find it, in one step.",
    "credits": "Say who wrote what, down to the word, and why.",
    "theme": "Say which designs there are, or begin one of the book's own.",
    "adopt": "Bring an existing book, with its history, into this layout.",
    "clean": "Throw away what was built.",
    "doctor": "Say what is installed, what is missing and how to get it.",
}
FINE, FINDINGS, USAGE, OUR_BUG, INTERRUPTED = 0, 1, 2, 3, 130


class Shelf(click.Group):
    """A group whose commands are files: `oerbook build` is `oerbook/cli/build.py`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"oerbook.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, and say which one was probably meant when there is none."""
        import difflib

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = difflib.get_close_matches(args[0], COMMANDS, 1)
            if close:
                raise click.UsageError(f"{error.message} Did you mean '{close[0]}'?", ctx) from error
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Shelf, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="oerbook")
def oerbook() -> None:
    """Peer-produced open textbooks: MyST chapters in git become HTML, EPUB, PDF and DOCX."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # files on some systems take no ✓
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; turn every way it can end into a message and an exit code."""
    from oerbook.cli import output

    try:
        answer = oerbook.main(args=arguments, prog_name="oerbook", standalone_mode=False)
        return int(answer or FINE)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        output.note("Stopped. What was finished before is still there.")
        return INTERRUPTED
    except BrokenPipeError:
        return FINE
    except OerbookError as error:
        output.trouble(error)
        return FINDINGS
    except Exception as error:
        output.bug(error)
        return OUR_BUG
