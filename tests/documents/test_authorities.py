"""The list of authorities is dated data with a source, and whole."""

from datetime import date

from whistle.documents.authorities import AREAS, authorities


def test_the_list_tells_its_source_and_day() -> None:
    """A reader can judge how old it is."""
    found = authorities()
    assert "2021:949" in found.source
    assert date(2026, 1, 1) <= found.last_checked


def test_the_thirty_authorities_are_there_in_order() -> None:
    """As many as the Government named, in the order of the alphabet as Swedes have it."""
    names = [one.name for one in authorities().national]
    assert len(names) == len(set(names)) == 30
    plain = [name.replace("ä", "zä") for name in names]
    assert plain == sorted(plain)


def test_one_authority_takes_what_no_other_does() -> None:
    """Nobody is left without an address: Arbetsmiljöverket is the one for the rest."""
    rest = [one.name for one in authorities().national if AREAS["any"] in one.areas]
    assert rest == ["Arbetsmiljöverket"]


def test_each_has_areas_and_a_site() -> None:
    """A site is a plain host name; the page makes the link."""
    for one in (*authorities().national, *authorities().eu):
        assert one.areas
        assert "/" not in one.site
        assert "." in one.site


def test_the_bodies_of_the_union_are_listed() -> None:
    """Chapter 4 section 8 of the Act: reports to bodies of the Union are protected too."""
    names = " ".join(one.name for one in authorities().eu)
    for short in ("OLAF", "EPPO", "ESMA", "EASA", "EMSA", "EMA"):
        assert short in names
