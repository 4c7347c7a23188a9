"""What people cite, and how it stands in the text and in the list of works of every format."""

from __future__ import annotations

import html
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypandoc
import pytest

from oerbook.citations.styles import CitationStyleError, find_style
from tests.conftest import INDEX, oerbook

pytestmark = pytest.mark.slow
Make = Callable[..., Path]
WORKS = r"""
@STRING{press = {Field Press}}
@report{agency, author = {{Soil Agency}}, title = {State of the Soils}, institution = {Soil Agency}, date = {2017-05}}
@article{lee1, author = {Lee, Kim}, title = {Mites of the \emph{Quercus} woods}, journaltitle = {Acta}, date = {2020}, pages = {11--19}, doi = {10.1000/mites.1}}
@article{lee2, author = {Lee, Kim}, title = {Salt &amp; <i>Fagus</i> at 5% H$_2$O}, journal = {Acta}, year = 2020, pages={20-22}}
@book{astrom, author = {{\AA}str{\"o}m, Karl and Klein, Rosa}, title = {Peat}, publisher = press # { and Sons}, location = {Lund}, year = 2005}
@misc{many, author = {Roe, Jan and others}, title = {Many hands}, year = 2015, url = {https://example.org/x?a=1\&b=50\%25_c}}
@proceedings{meeting, editor = {Zand, Zoe}, title = {A Meeting on Soil}, publisher = press, year = 1999}
@inproceedings{talk, author = {d'Arc, Jeanne}, title = {A Talk’s end}, crossref = {meeting}, pages = {3-4}}
@thesis{bare, author = {Nobody, Nora}}
"""
PAGE = """# Soil

First [see @lee1, p. 12; also @lee2]. Then @astrom [p. 5] and Lee [-@lee1] and -@lee2.

Roles: {cite:p}`{see}many{p. 3},agency`; {cite:t}`lee1,talk`; {cite:author}`astrom`; {cite:year}`astrom`; {cite:alp}`many`.

By DOI @https://doi.org/10.1000/MITES.1, in other letters {cite:t}`LEE1`, [](https://doi.org/10.1000/mites.1), bare {cite:p}`bare`.

No citations: ann@lee1, @nobody, [see @nobody].
"""


def text_of(path: Path) -> str:
    """Return the words of the main part of a page."""
    page = path.read_text().split("<main")[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def words(*command: str | Path) -> str:
    return " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def every_format(root: Path) -> dict[str, str]:
    """Return the words of each format."""
    docx, pdf, epub = (next((root / "_build").glob(f"*.{kind}")) for kind in ("docx", "pdf", "epub"))
    with zipfile.ZipFile(epub) as archive:
        pages = [archive.read(name).decode() for name in sorted(archive.namelist()) if name.endswith(".xhtml")]
    return {
        "html": text_of(root / "_build/html/a.html") + text_of(root / "_build/html/bibliography.html"),
        "epub": " ".join(html.unescape(re.sub(r"<[^>]+>", "", " ".join(pages))).split()),
        "pdf": words("pdftotext", pdf, "-"),
        "docx": words(pypandoc.get_pandoc_path(), docx, "-t", "plain", "--wrap=none"),
    }


def test_text_and_list_agree_in_every_format(make: Make) -> None:
    root = make({"chapters/01-a.md": PAGE.replace("# Soil", "# A"), "chapters/works.bib": WORKS})
    ran = oerbook("build", "html", "epub", "pdf", "docx", "--format", "json", "-C", root)
    assert ran.code == 0, ran.err
    told = {(f["path"], f["line"], f["message"]) for f in ran.findings("bibliography-incomplete")}
    assert told == {("chapters/works.bib", 10, "the entry bare has no title, year")}
    shown = every_format(root)
    for kind, text in shown.items():
        text = text.replace("\u00a0", " ").replace("- ", "-").replace("’", "'")
        for sentence in (
            "First (see Lee 2020a, 12; also Lee 2020b). Then Åström and Klein (2005, 5) and Lee (2020a) and (2020b).",
            "Roles: (see Roe et al. 2015, 3; Soil Agency 2017); Lee (2020a) and d'Arc (1999); Åström and Klein; 2005; Roe et al. 2015.",
            "By DOI Lee (2020a), in other letters Lee (2020a), Lee (2020a), bare (Nobody, n.d.).",
            "No citations: ann@lee1, @nobody, [see @nobody].",
            "Soil Agency. 2017. State of the Soils. Soil Agency.",
            "2020a. “Mites of the Quercus woods.”",
            "2005. Peat. Field Press and Sons.",
        ):
            squeezed = re.sub(r"\s", "", sentence)
            assert squeezed in re.sub(r"\s", "", text), (kind, sentence, text)
        assert "A Meeting on Soil" in text and "missing" not in text and "\\" not in text


def test_the_list_is_sorted_links_to_works_and_back_and_keeps_addresses(make: Make) -> None:
    root = make({"chapters/01-a.md": PAGE.replace("# Soil", "# A"), "chapters/works.bib": WORKS})
    assert oerbook("build", "html", "-C", root).code == 0
    page, works = ((root / f"_build/html/{name}.html").read_text() for name in ("a", "bibliography"))
    names = re.findall(r'role="listitem">\s*<p>([^,.]+)', works)
    assert names == ["Arc", "Åström", "Lee", "Lee", "Nobody", "Roe", "Soil Agency"]
    assert (
        "<em>Quercus</em>" in works
        and "<em>Fagus</em>" in works
        and "Salt &amp; " in works
        and "H<sub>2</sub>O" in works
    )
    assert 'href="https://example.org/x?a=1&amp;b=50%25_c"' in works and "11–19" in works and "20–22" in works
    anchors = set(re.findall(r'id="([^"]+)"', works))
    assert set(re.findall(r'href="bibliography.html#([^"]+)"', page)) <= anchors
    back = set(re.findall(r'back-link[^>]* href="a.html#([^"]+)"', works))
    assert back and back <= set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.parametrize(
    ("style", "shown", "listed"),
    [
        ("numbered", "First [1], and Lee [2]; [1, p. 3], [2].", "[1] K. Lee, “Mites"),
        ("apa", "First (Lee, 2020a), and Lee (2020b); (Lee, 2020a, p. 3; 2020b).", "Lee, K. (2020a)"),
        ("nature", "First1, and Lee2;1,2.", "1. Lee, K. Mites"),
        ("styles/own.csl", "First (Lee), and Lee; (Lee, Lee).", "Lee"),
        ("no-such-style", "First (Lee 2020a), and Lee (2020b); (Lee 2020a, 3; 2020b).", "Lee, Kim. 2020a."),
    ],
)
def test_a_book_chooses_its_style(make: Make, style: str, shown: str, listed: str) -> None:
    own = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>Own</title><id>own</id>
<category citation-format="author-date"/></info><citation><layout prefix="(" suffix=")" delimiter=", "><names variable="author">
<name form="short"/></names></layout></citation><bibliography><layout><names variable="author"/></layout></bibliography></style>"""
    root = make(
        {
            "chapters/index.md": INDEX.replace("date:", f"bibliography_style: {style}\ndate:"),
            "chapters/01-a.md": "# A\n\nFirst [@lee1], and @lee2; [@lee1, p. 3; @lee2].\n",
            "chapters/works.bib": WORKS,
            "styles/own.csl": own,
        }
    )
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert ran.code == 0, ran.err
    assert shown in text_of(root / "_build/html/a.html")
    assert listed in text_of(root / "_build/html/bibliography.html")
    told = [(f["path"], f["line"]) for f in ran.findings("front-matter-value")]
    assert told == ([("chapters/index.md", 5)] if style == "no-such-style" else [])


@pytest.mark.parametrize("macros", [["b b", "a"], ["a"], [f"{chr(98 + n)} " * 2 for n in range(24)]])
def test_a_style_whose_macros_do_not_end_is_not_used(tmp_path: Path, macros: list[str]) -> None:
    """pandoc would fill the memory with it."""
    texts = ["".join(f'<text macro="{name}"/>' for name in called.split()) for called in macros]
    named = "".join(f'<macro name="{chr(97 + n)}">{text}</macro>' for n, text in enumerate(texts))
    layout = '<layout><text macro="a"/></layout>'
    style = f'<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0">{named}<citation>{layout}</citation></style>'
    (tmp_path / "s.csl").write_text(style)
    with pytest.raises(CitationStyleError, match="without end"):
        find_style("s.csl", tmp_path)


def test_words_of_citations_follow_the_language_of_the_book(make: Make) -> None:
    index = INDEX.replace("date:", "language: de\ndate:")
    bib = WORKS + "@book{oz, author = {Oz, Ali}, title = {Z}, publisher = {P}, year = 2001}\n"
    text = "# A\n\nMit @astrom, [@many] und {cite:t}`oz,lee1`.\n"
    root = make({"chapters/index.md": index, "chapters/01-a.md": text, "chapters/works.bib": bib})
    assert oerbook("build", "html", "-C", root).code == 0
    assert "Mit Åström und Klein (2005), (Roe u. a. 2015) und Oz (2001) und Lee (2020)." in text_of(
        root / "_build/html/a.html"
    )
    assert "(Zitiert in 1)" in text_of(root / "_build/html/bibliography.html")


def test_each_chapter_numbers_its_own_works(make: Make) -> None:
    index = INDEX.replace("date:", "bibliography_style: numbered\nbibliography_placement: chapter\ndate:")
    pages = {
        f"chapters/0{n}-{name}.md": f"# {name.upper()}\n\nAs [@{key}] says.\n"
        for n, name, key in ((1, "a", "lee1"), (2, "b", "astrom"))
    }
    root = make({"chapters/index.md": index, **pages, "chapters/works.bib": WORKS})
    assert oerbook("build", "html", "-C", root).code == 0
    assert "As [1] says. References [1] K. Lee" in text_of(root / "_build/html/a.html")
    assert "As [1] says. References [1] K. Åström" in text_of(root / "_build/html/b.html")


def test_a_list_of_a_chapter_leads_back_to_its_sections(make: Make) -> None:
    index = INDEX.replace("date:", "bibliography_placement: chapter\ndate:")
    text = "# A\n\nAs [@lee1] says.\n\n## Once more\n\nSee @lee1 and @lee1.\n"
    root = make({"chapters/index.md": index, "chapters/01-a.md": text, "chapters/works.bib": WORKS})
    assert oerbook("build", "html", "-C", root).code == 0
    assert "mites.1. (Cited in 1, 1.1)" in text_of(root / "_build/html/a.html")


def test_names_are_divided_by_what_people_write(make: Make) -> None:
    bib = "@book{many, author = {Lee, Ada; Roe, Jan \\& Doe, Bo}, title = {T}, publisher = {Ernst & Young}, year = 2001}\n"
    root = make({"chapters/01-a.md": "# A\n\nSee @many.\n", "chapters/works.bib": bib})
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert [f["line"] for f in ran.findings("bibliography-invalid")] == [1]
    works = text_of(root / "_build/html/bibliography.html")
    assert "Lee, Ada, Jan Roe, and Bo Doe. 2001. T. Ernst & Young." in works


def test_works_in_notes_are_described_there(make: Make) -> None:
    text = "# A\n\nSoil {footcite}`lee1`, and {footcite:t}`astrom`.\n\n```{footbibliography}\n```\n"
    root = make({"chapters/01-a.md": text, "chapters/works.bib": WORKS})
    assert oerbook("build", "html", "-C", root).code == 0
    shown = text_of(root / "_build/html/a.html")
    assert "Lee, Kim. 2020a. “Mites" in shown or "Lee, Kim. 2020. “Mites" in shown
    assert "2005. Peat." in shown


def test_a_missing_bibliography_entry_affects_only_its_citation(make: Make) -> None:
    text = "# A\n\nOne [@lee1; @gone].\n\nTwo {cite:p}`lost`.\n\nThree {cite:p}`{a}{b}`.\n"
    root = make({"chapters/01-a.md": text, "chapters/works.bib": WORKS})
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert {(f["path"], f["line"]) for f in ran.findings("citation-missing")} == {
        ("chapters/01-a.md", n) for n in (3, 5, 7)
    }
    shown = text_of(root / "_build/html/a.html")
    assert "Lee 2020" in shown and "gone?" in shown and "lost?" in shown


def test_unknown_latex_is_shown_as_text_and_reported(make: Make) -> None:
    bib = (
        WORKS
        + "@book{odd, author = {O, P; Q, R}, title = {Of \\ce{H2O} and \\begin{x}}, publisher = {P}, year = 2000}\n"
    )
    root = make({"chapters/01-a.md": "# A\n\nSee @odd and @lee1.\n", "chapters/works.bib": bib})
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert {f["line"] for f in ran.findings("bibliography-invalid")} == {11}, json.dumps(ran.report["findings"])
    works = text_of(root / "_build/html/bibliography.html")
    assert "H2O" in works and "\\" not in works and "Mites" in works


def test_particles_of_names_stay_and_an_address_is_no_sentence(make: Make) -> None:
    page = "# A\n\n{cite:t}`loam`, {cite:t}`silt`, {cite:t}`clay`.\n"
    works = (
        "@book{loam, author={van der Veen, Ria}, title={Loam}, year=1999}\n"
        "@book{silt, author={Garc{\\'\\i}a, Eva}, title={Silt}, year=2001}\n"
        "@misc{clay, author={Ray, Bo}, title={Clay}, year=2002, howpublished={\\url{https://clay.example/a}}}\n"
    )
    root = make({"chapters/01-a.md": page, "chapters/works.bib": works})
    assert oerbook("build", "html", "-C", root).code == 0
    assert "van der Veen (1999), Garc\u00eda (2001), Ray (2002)." in text_of(root / "_build/html/a.html")
    assert "Clay. https://clay.example/a." in text_of(root / "_build/html/bibliography.html").replace("”", "")
