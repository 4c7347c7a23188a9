"""The author of each word: one example for each kind of edit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oerbook.attribution.myst_prose import iter_prose_words
from tests.support.annotated import History

LONG = "Soil is a thin skin of rock dust and rotting leaves. It holds water like a sponge holds it for weeks."
OTHER = "Rivers carry stones down from the hills to the sea. Every stone was once a part of some mountain."


def begun() -> History:
    history = History()
    history.commit("ada", soil=f"# Soil\n\n{LONG}\n\nA last line by Ada stands here.\n")
    history.commit("bo", river=f"# River\n\n{OTHER}\n")
    return history


def test_an_inserted_word_belongs_to_who_inserts_it() -> None:
    history = begun()
    history.commit("cy", soil=history.files["soil"].replace("thin skin", "thin living skin"))
    assert history.wrote("soil", "cy") == "living"


def test_a_corrected_word_belongs_to_who_corrects_it() -> None:
    history = begun()
    history.commit("cy", soil=history.files["soil"].replace("sponge", "cloth"))
    assert history.wrote("soil", "cy") == "cloth"


def rewrap(text: str) -> str:
    return text.replace(" ", "\n").replace("#\n", "# ")


@pytest.mark.parametrize(
    "change",
    [
        lambda f: {"soil": rewrap(f["soil"])},
        lambda f: {"soil": f["soil"].replace("water", "**water**").replace("Soil is", "*Soil* is")},
        lambda f: {"soil": f["soil"].replace("water", "[water](https://example.org)")},
        lambda f: {"soil": f["soil"].upper()},
        lambda f: {"soil": "", "earth": f["soil"]},
        lambda f: {"soil": "", "river": "", "all": f["river"] + "\n" + f["soil"]},
        lambda f: {"soil": "# Soil\n\n" + LONG.split(". ")[0] + ".\n", "more": f["soil"].split("leaves. ")[1]},
        lambda f: {"soil": "\n\n".join(reversed(f["soil"].strip().split("\n\n")))},
        lambda f: {"soil": "# Soil\n\nA last line by Ada stands here.", "river": f["river"] + "\n\n" + LONG},
        lambda f: {"soil": "---\ntitle: Soil\n---\n\n" + f["soil"].replace(LONG, f":::{{note}}\n{LONG}\n:::")},
        lambda f: {"soil": f["soil"].replace("leaves. It", "leaves.\n\nIt")},
        lambda f: {"soil": f["soil"] + "\n```python\nx = 1\n```\n"},
    ],
)
def test_edits_that_change_no_words_change_no_credit(change) -> None:  # type: ignore[no-untyped-def]
    history = begun()
    history.commit("cy", **change(history.files))
    everyone = {who for name in history.files for who in history.who(name)}
    assert everyone == {"ada", "bo"}


def test_text_that_is_deleted_and_restored_keeps_its_author() -> None:
    history = begun()
    whole = history.files["soil"]
    history.commit("bo", soil="# Soil\n\nA last line by Ada stands here.\n")
    history.commit("cy", soil=whole)
    assert set(history.who("soil")) == {"ada"}


def test_a_reverted_rewording_gives_the_words_back() -> None:
    history = begun()
    whole = history.files["soil"]
    history.commit("bo", soil=whole.replace("a thin skin of rock dust", "the wet cover of old stone"))
    history.commit("cy", soil=whole)
    assert set(history.who("soil")) == {"ada"}


def test_two_people_who_type_the_same_line_are_both_its_authors() -> None:
    history = begun()
    line = "By the end of this chapter you will be able to explain it."
    history.commit("ada", soil=f"{line}\n\n{history.files['soil']}")
    history.commit("bo", river=f"{line}\n\n{history.files['river']}")
    assert history.wrote("river", "ada") == ""


def test_a_copied_passage_belongs_to_who_wrote_it_first() -> None:
    history = begun()
    copied = f"{LONG}\n\n{LONG.replace('Soil', 'Earth')}"
    history.commit("ada", soil=copied)
    history.commit("cy", copy=copied)
    assert set(history.who("copy")) == {"ada"}


def test_a_changed_copy_keeps_its_author_when_the_original_is_deleted_later() -> None:
    """Split a chapter in two commits: copy it to a new page, then shorten the old one."""
    history = begun()
    lines = [
        f"{LONG.replace('Soil', name)} Of {name} there is nothing more to say here."
        for name in ("Sand", "Clay", "Loam")
    ]
    history.commit("ada", soil="\n\n".join(lines))
    changed = [line.replace("nothing more", "rather little") for line in lines]
    mine = "What nobody has told of until now is the peat, which is wet and brown and burns when it is dry."
    history.commit("cy", peat="\n\n".join([lines[0], *changed[1:], mine]))
    assert history.wrote("peat", "cy") == f"rather little rather little {mine.replace(',', '').rstrip('.')}"


def test_a_changed_copy_keeps_its_author_when_the_original_changes_too() -> None:
    history = begun()
    lines = [
        f"{LONG.replace('Soil', name)} Of {name} there is nothing more to say here."
        for name in ("Sand", "Clay", "Loam")
    ]
    history.commit("ada", soil="\n\n".join(lines))
    copy = "\n\n".join(line.replace("rock dust", "fine dust") for line in lines)
    history.commit("cy", soil="\n\n".join(line.partition(" It holds")[0] for line in lines), copy=copy)
    assert history.wrote("copy", "cy") == "fine fine fine"
    assert history.wrote("soil", "cy") == ""


def test_a_page_that_only_quotes_another_belongs_to_its_own_author() -> None:
    history = begun()
    told = LONG.split(". ")
    quoted = f"{told[0]}. {told[1]}."
    mine = "Rivers of ice are slow and old and they carry stones from the mountains to the sea for a thousand years."
    history.commit("ada", soil=LONG)
    history.commit("cy", ice=f"# Ice\n\n{mine}\n\n{mine.replace('stones', 'sand')} {quoted}")
    assert len(history.wrote("ice", "cy").split()) >= 2 * len(mine.split())


def test_a_bot_gets_no_credit() -> None:
    history = begun()
    history.commit("tidy[bot]", automatic=True, soil=history.files["soil"].replace("sponge", "spunge"))
    assert set(history.who("soil")) == {"ada"}


def test_a_merge_gets_no_credit_even_when_both_sides_changed_the_page() -> None:
    history = begun()
    base, files = history.pages, dict(history.files)
    one = {**files, "soil": files["soil"].replace("thin skin", "thin brown skin")}
    other = {**files, "soil": files["soil"].replace("last line", "very last line")}
    left = history.step("bo", [base], files, one)
    right = history.step("cy", [base], files, other)
    both = {**files, "soil": one["soil"].replace("last line", "very last line")}
    history.pages, history.files = history.step("dee", [left, right], one, both), both
    assert history.wrote("soil", "bo") == "brown"
    assert history.wrote("soil", "cy") == "very"
    assert history.wrote("soil", "dee") == ""


def test_a_page_merged_from_a_branch_belongs_to_its_author() -> None:
    history = begun()
    files = dict(history.files)
    side = {**files, "new": "# New\n\nA new chapter by Cy alone, with words of its own."}
    branch = history.step("cy", [history.pages], files, side)
    merged = history.step("dee", [history.pages, branch], files, side)
    assert set(history.who("new", merged)) == {"cy"}


SENTENCE = st.lists(
    st.sampled_from(["soil", "water", "leaf", "the", "of", "and", "river", "stone", "holds", "carries"]),
    min_size=1,
    max_size=9,
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map(
    lambda s: " ".join(" ".join(w).capitalize() + "." for w in s)
)
PAGE = st.lists(PARAGRAPH, max_size=5).map("\n\n".join)
STEP = st.fixed_dictionaries({"a": PAGE, "b": PAGE})


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=6))
def test_every_word_has_exactly_one_origin(steps: list[dict[str, str]]) -> None:
    history = History()
    for place, files in enumerate(steps):
        history.commit(f"person {place}", **files)
        for name, text in history.files.items():
            assert len(history.who(name)) == len(list(iter_prose_words(text)))


SHORT = st.lists(SENTENCE.map(lambda s: " ".join(s).capitalize() + "."), max_size=3).map(
    "\n\n".join
)  # too short to copy
SMALL = st.fixed_dictionaries({"a": SHORT, "b": SHORT})


@settings(max_examples=60, deadline=None)
@given(SMALL, SMALL)
def test_new_words_are_never_given_to_an_earlier_author(old: dict[str, str], new: dict[str, str]) -> None:
    history = History()
    history.commit("ada", **old)
    before = sorted(w.text.casefold() for text in history.files.values() for w in iter_prose_words(text))
    history.commit("bo", **new)
    for name in history.files:
        for word in history.wrote(name, "ada").casefold().split():
            before.remove(word)
