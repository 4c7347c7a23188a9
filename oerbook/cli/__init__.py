"""The command line: one module per command, imported only when the command runs, to keep --help fast."""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module

import click

from oerbook import __version__
from oerbook.errors import OerbookError
from oerbook.storage.machine_errors import find_machine_error

COMMANDS = {
    "init": "Create a new book.",
    "new": "Create a chapter or a contributor's file.",
    "check": "Check the book or a submission for problems.",
    "merge": "Review and merge submissions.",
    "submissions": "List the submissions that wait.",
    "undo": "Take a merged submission out again.",
    "build": "Build the book: web site, EPUB, PDF, DOCX.",
    "serve": "Preview the book in the browser while you write.",
    "open": "Open the built book.",
    "publish": "Publish the web site to a branch or a folder.",
    "preview": "Show submissions in folders of the published site.",
    "credits": "List who wrote the book, and explain why.",
    "metadata": "Print a record of the book for catalogs and citation managers.",
    "rights": "List the licenses of all parts, and what they permit.",
    "theme": "List themes or create one.",
    "take": "Take chapters of another book, with their history.",
    "receive": "Make a submission of a Word file that an author sent.",
    "import": "Turn files of other programs into chapters.",
    "adopt": "Import an existing book with its git history.",
    "clean": "Remove build output.",
    "doctor": "Show installed and missing tools, and how to install them.",
}
# Exit codes; 2 is Click's, for wrong usage.
EXIT_OK, EXIT_FINDINGS, EXIT_INTERNAL_ERROR, EXIT_INTERRUPTED = 0, 1, 3, 130


class LazyGroup(click.Group):
    """A command group that imports `oerbook.cli.NAME` for the command NAME."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """Return the names of the commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - Click's signature
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"oerbook.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; suggest the closest name if it does not exist."""
        import difflib

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = difflib.get_close_matches(args[0], COMMANDS, 1)
            if close:
                raise click.UsageError(f"{error.message} Did you mean '{close[0]}'?", ctx) from error
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - Click's signature
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="oerbook")
def oerbook() -> None:
    """Build peer-produced open textbooks: MyST chapters in git to HTML, EPUB, PDF and DOCX."""


def main() -> None:
    """Run the command line and exit with its exit code."""
    _start_in_utf8()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # on some systems redirected output cannot encode ✓
    gc.set_threshold(50_000, 20, 20)  # modules and books are many objects that stay alive
    exit_code = run(sys.argv[1:])
    gc.freeze()  # at exit, Python would look for garbage among all objects of the book: seconds of a long one
    sys.exit(exit_code)


def _start_in_utf8() -> None:
    """Start again in Python's UTF-8 mode where the locale has another encoding.

    Names of files and what users type would be read wrongly, and not every character could be written
    (https://peps.python.org/pep-0540/).
    """
    if sys.getfilesystemencoding() != "utf-8" and "PYTHONUTF8" not in os.environ:
        program = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, program, {**os.environ, "PYTHONUTF8": "1"})  # noqa: S606 - this program itself


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; print a message for every exception."""
    from oerbook.cli import output

    try:
        exit_code = oerbook.main(args=arguments, prog_name="oerbook", standalone_mode=False)
        return int(exit_code or EXIT_OK)
    except click.exceptions.Exit as exited:
        return exited.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        output.print_info("Stopped. Finished output is kept.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return EXIT_OK
    except OerbookError as error:
        output.print_error(error)
        return EXIT_FINDINGS
    except Exception as error:  # noqa: BLE001 - any other exception is a bug, and is shown as one
        if machine_error := find_machine_error(error, access=True):
            output.print_error(machine_error)
            return EXIT_FINDINGS
        output.print_internal_error(error)
        return EXIT_INTERNAL_ERROR
