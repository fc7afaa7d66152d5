"""The one command. Each verb lives in a file of its own beside this one."""


def main() -> None:
    raise SystemExit("amphitheatre: not built yet")
