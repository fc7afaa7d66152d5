"""No test is left out: every folder runs in one lane."""

from pathlib import Path

from tools.run_tests import OTHERS, REAL_TIME, ROOT


def test_every_folder_of_tests_runs() -> None:
    folders = {
        f"tests/{path.parent.relative_to(ROOT / 'tests').parts[0]}"
        for path in ROOT.glob("tests/**/test_*.py")
    }
    assert folders <= {*OTHERS, *REAL_TIME}
    assert all((ROOT / Path(one)).exists() for one in (*OTHERS, *REAL_TIME))
