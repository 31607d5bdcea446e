"""Commands as a shell would run them, in this process."""

from amplify_vep.cli import main


def run(*arguments: object) -> int:
    """Runs one command; its exit code."""
    return main([str(argument) for argument in arguments])
