"""Runs commands in this process, as a shell would."""

from amplify_vep.cli import main


def run(*arguments: object) -> int:
    """Runs one command and returns its exit code."""
    return main([str(argument) for argument in arguments])
