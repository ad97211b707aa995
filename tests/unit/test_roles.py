"""What each role may do, in the code and in the README."""

from pathlib import Path

from leadping.accounts.roles import ALLOWED, Deed, Role, deeds_of

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readme_says_what_each_role_may_do() -> None:
    marks = {deed: ["✓" if role in ALLOWED[deed] else "" for role in Role] for deed in Deed}
    rows = [f"| {deed} | {' | '.join(marks[deed])} |" for deed in Deed]
    table = README.read_text().split("## Who may do what")[1].split("\n\n")[1].splitlines()
    assert table[0] == "| | " + " | ".join(Role) + " |"
    assert [" ".join(row.split()) for row in table[2:]] == [" ".join(row.split()) for row in rows]


def test_an_owner_may_do_everything() -> None:
    assert deeds_of(Role.OWNER) == frozenset(Deed)


def test_every_role_may_read() -> None:
    assert all(Deed.READ in deeds_of(role) for role in Role)
