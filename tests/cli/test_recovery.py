"""The recovery key: made in shares for their holders, checked, named by a keyring."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.recovery_help import HOLDERS, do, make, pages, refused, share_in
from whistle.crypto import shares
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.crypto.shares import Share


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a recovery key was made, two of three."""
    folder = tmp_path_factory.mktemp("recovery") / "out"
    make(folder, "--on", "2026-11-22")
    return folder


def test_each_holder_gets_one_page_and_the_key_is_written_nowhere(given_out: Path) -> None:
    """Three pages for their holders only, two public files, and no private key in any of them."""
    names = [path.name for path in pages(given_out)]
    assert names == ["share-1-carin.txt", "share-2-eva.txt", "share-3-gun.txt"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in pages(given_out)} == {0o600}
    assert stat.S_IMODE(given_out.stat().st_mode) == 0o700
    made = [share_in(path) for path in pages(given_out)]
    seed = shares.join(made[:2])
    private = PrivateKey.from_seed(seed)
    public = json.loads((given_out / "recovery.json").read_text())
    assert str(private.public_key) == public["age"]
    assert [one["name"] for one in public["holders"]] == ["Carin Dahl", "Eva Ek", "Gun Alm"]
    for path in given_out.iterdir():
        text = path.read_text()
        for secret in (str(private), seed.hex(), b64u(seed)):
            assert secret not in text
    page = pages(given_out)[1].read_text()
    assert "Recovery share 2 of 3. Any 2 together" in page
    assert "Eva Ek (eva)" in page
    assert "delete the file" in page


def test_what_is_published_are_hashes_of_the_shares(given_out: Path) -> None:
    """Each share's hash, by its number and holder."""
    published = json.loads((given_out / "recovery-checks.json").read_text())
    made = [share_in(path) for path in pages(given_out)]
    assert published == {
        "set": made[0].set_id.hex(),
        "checks": [
            {"index": one.index, "person": person, "sha256": one.sha256.hex()}
            for one, person in zip(made, ("carin", "eva", "gun"), strict=True)
        ],
    }


def test_nothing_is_overwritten_and_no_half_set_is_left(tmp_path: Path) -> None:
    """One file that is there already stops it before anything is written."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "recovery.json").write_text("mine")
    named = [option for one in HOLDERS for option in ("--holder", one)]
    refused("never overwritten", "recovery", "new", "--k", 2, *named, "--out", out)
    assert [path.name for path in out.iterdir()] == ["recovery.json"]


@pytest.mark.parametrize(
    ("k", "holders", "said"),
    [
        (3, ("a:A", "b:B"), "3 shares are needed"),
        (1, ("a:A", "a:A"), "One person holds one share"),
        (1, ("Anna",), "A holder is written"),
        (1, ("anna:",), "A holder is written"),
    ],
)
def test_impossible_wishes_are_refused(
    tmp_path: Path, k: int, holders: tuple[str, ...], said: str
) -> None:
    """Before anything is written."""
    named = [option for one in holders for option in ("--holder", one)]
    refused(said, "recovery", "new", "--k", k, *named, "--out", tmp_path / "out", code=2)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("k", "said"), [(1, "One share alone opens every report"), (2, "All shares are needed")]
)
def test_it_warns_of_what_was_chosen(tmp_path: Path, k: int, said: str) -> None:
    """One alone, or all; and always to print and delete."""
    printed = do("recovery", "new", "--k", k, "--holder", "a:A", "--holder", "b:B", "--out",
                 tmp_path / "out").stdout  # fmt: skip
    assert said in printed
    assert "DELETE these files" in printed
    member = json.loads(printed.splitlines()[-1])["recovery"]
    assert member["k"] == k
    for page in pages(tmp_path / "out"):
        assert str(share_in(page)).split("\n")[0] not in printed


def test_a_holder_checks_the_own_share(given_out: Path) -> None:
    """From the file or typed, against the published list or one hash, or to compare by eye."""
    page, published = pages(given_out)[0], given_out / "recovery-checks.json"
    share = share_in(page)
    typed = str(share).lower().replace("-", " ")
    hashed = share.sha256.hex().upper()
    for done in (
        do("recovery", "check", page, "--published", published),
        do("recovery", "check", "-", "--sha256", hashed, stdin=typed),
    ):
        assert "It is the published one" in done.stdout
    printed = do("recovery", "check", page).stdout
    assert share.sha256.hex() in printed
    assert "Compare" in printed
    assert str(share).split("\n")[0] not in printed


def test_a_drill_that_fails_says_why(given_out: Path) -> None:
    """Mistyped, exchanged, of another set, or more than one."""
    page, published = pages(given_out)[0], given_out / "recovery-checks.json"
    share = share_in(page)
    first, *rest = str(share).split("\n")
    wrong = "\n".join(["2" + first[1:] if first[0] != "2" else "3" + first[1:], *rest])
    check = ("recovery", "check", "-", "--published", published)
    refused("first line", *check, stdin=wrong)
    refused("three lines", *check, stdin=f"{share}\n{share}")
    refused("three lines", *check, stdin="")
    swapped = Share(share.set_id, share.index, share.k, share_in(pages(given_out)[1]).value)
    refused("not the share that was published", *check, stdin=str(swapped))
    beyond = Share(share.set_id, 9, share.k, share.value)
    refused("not the share that was published", *check, stdin=str(beyond))
    other = Share(bytes(8), share.index, share.k, share.value)
    refused("different sets", *check, stdin=str(other))
    refused("not the share that was published", "recovery", "check", page, "--sha256", "00")


def test_a_key_that_was_not_joined_right_is_not_given_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a page is written, the shares are read back and joined, and the keys compared."""
    real = shares.split

    def wrong(secret: bytes, k: int, n: int) -> tuple[Share, ...]:
        return real(bytes(a ^ 1 for a in secret), k, n)

    monkeypatch.setattr(shares, "split", wrong)
    refused("belong together", "recovery", "new", "--k", 1, "--holder", "a:A", "--out",
            tmp_path / "out")  # fmt: skip
    assert not (tmp_path / "out").exists()


def test_a_keyring_takes_the_recovery_key_keeps_it_and_drops_it(
    given_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`keys new keyring` names it as it was made; later drafts keep it until it is taken away."""
    monkeypatch.chdir(tmp_path)
    do("root", "root")
    do("new", "keyring", "--org", "Example AB", "--recovery", given_out / "recovery.json",
       "--issued", "2026-11-22")  # fmt: skip
    member = json.loads((given_out / "recovery.json").read_text())
    assert json.loads(Path("keyring-0001.json").read_text())["recovery"] == member
    do("sign", "keyring-0001.json", "--key", "root")
    do("publish", "keyring-0001.json", "--to", "keys", "--root", "root.pub", "--on", "2026-11-22")
    assert json.loads(do("show", "keys", "--on", "2026-11-22", "--json").stdout)["recovery"] is True
    do("new", "keyring", "--after", "keys", "--issued", "2026-11-23")
    assert json.loads(Path("keyring-0002.json").read_text())["recovery"] == member
    do("new", "keyring", "--after", "keys", "--issued", "2026-11-23", "--no-recovery", "-o", "no")
    assert json.loads(Path("no").read_text())["recovery"] is None
    refused("either", "new", "keyring", "--after", "keys", "--no-recovery", "--recovery",
            given_out / "recovery.json", code=2)  # fmt: skip
