"""`whistle`: one command family a file, loaded only when it is called.

Exit codes: 0 done · 1 it could not be done, and why · 2 the command was not understood.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

import click

# Name, where the command is, and its line in the list: so that the list imports none of them.
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "audit": ("whistle.cli.audit:audit", "Prove that the event log is whole."),
        "demo": ("whistle.cli.demo:demo", "Start a throw-away organisation on this machine."),
        "init": ("whistle.cli.init:init", "Set up a new organisation in an empty folder."),
        "invite": ("whistle.cli.invite:invite", "Print a one-time link for the office."),
        "keys": ("whistle.cli.keys:keys", "Make, sign, check and publish the keyring."),
        "law": ("whistle.cli.law:law", "Print the dates that the law sets for a report."),
        "open": ("whistle.cli.sealing:open_", "Open a sealed file with a private key."),
        "receipt": ("whistle.cli.receipt:receipt", "Make or check a receipt code."),
        "seal": ("whistle.cli.sealing:seal", "Seal a file, or a report made on this machine."),
        "serve": ("whistle.cli.serve:serve", "Run the channel."),
        "sweep": ("whistle.cli.sweep:sweep", "Do once what the clock has to do now."),
        "verify-export": ("whistle.cli.packages:verify_export", "Check a package of a case."),
    }
)


class _Commands(click.Group):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, sorted."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None if there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        return cast("click.Command", getattr(import_module(module), attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="whistle", prog_name="whistle")
def main() -> None:
    """Whistle: a sealed reporting channel."""
