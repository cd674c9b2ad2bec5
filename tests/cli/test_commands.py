"""The group `whistle`: every command is there, loads, and explains itself."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from whistle.cli import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str) -> None:
    """`--help` works for each command of the table, which is sorted."""
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.stdout
    assert list(COMMANDS) == sorted(COMMANDS)


def test_the_list_names_each_command_with_its_line() -> None:
    """`whistle --help` is read first."""
    shown = CliRunner().invoke(main, ["--help"]).stdout
    for name, (_, line) in COMMANDS.items():
        assert name in shown
        assert line.split()[0] in shown


def test_an_unknown_command_is_not_understood() -> None:
    """Exit code 2, as for every mistake in the command itself."""
    assert CliRunner().invoke(main, ["sing"]).exit_code == 2


def test_the_list_loads_no_command() -> None:
    """`whistle --help` is quick, because nothing is imported for it."""
    program = (
        "import sys; from whistle.cli import main; main(['--help'], standalone_mode=False);"
        "sys.exit(any(name.startswith(('whistle.cli.', 'flask', 'sqlalchemy', 'cryptography'))"
        " for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_subcommands_explain_themselves() -> None:
    """Each subcommand of `keys` and `receipt` has its help."""

    def visit(command: click.Command, path: list[str]) -> None:
        assert command.help, path
        assert CliRunner().invoke(main, [*path, "--help"]).exit_code == 0
        for name, inner in getattr(command, "commands", {}).items():
            visit(inner, [*path, name])

    context = click.Context(main)
    for name in ("keys", "receipt"):
        command = main.get_command(context, name)
        assert command is not None
        visit(command, [name])


def _groups(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every group with commands of its own, by the words that lead there."""
    if not isinstance(command, click.Group):
        return []
    context = click.Context(command)
    found = [path]
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        found += _groups(inner, (*path, name))
    return found


def test_no_line_of_a_list_of_commands_is_cut_off() -> None:
    """Half a sentence tells nobody what a command does."""
    groups = _groups(main)
    assert ("keys", "recovery") in groups
    for path in groups:
        shown = CliRunner().invoke(main, [*path, "--help"]).stdout
        commands = shown.split("Commands:")[1]
        assert "..." not in commands, path
