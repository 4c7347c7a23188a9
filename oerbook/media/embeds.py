"""The sites whose videos, recordings and widgets a page may embed, and the addresses of their players.

An address that an author copied from the browser becomes the address of the player, without cookies where the site has
such a player. Nothing is asked of a site when a book is built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlencode, urlsplit

HOST_NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
VIDEO, AUDIO, WIDGET = "video", "audio", "widget"
VIDEO_SIZE, AUDIO_SIZE, WIDGET_SIZE = (560, 315), (560, 166), (800, 600)
Query = dict[str, list[str]]
PlayerMaker = Callable[[SplitResult, Query], str]


@dataclass(frozen=True, slots=True)
class EmbedSite:
    """A site: its name, its hosts, what it shows, and how the address of its player follows from that of a page.

    `player` returns "" for a page that cannot be embedded. `needs_referrer`: the player refuses to work if it is not
    told which site embeds it.
    """

    name: str
    hosts: tuple[str, ...]
    kind: str
    player: PlayerMaker
    size: tuple[int, int] = VIDEO_SIZE
    needs_referrer: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """An embedded page: its site and kind, the address for readers, that of the player and its host, its size in px."""

    site: str
    kind: str
    address: str
    player: str
    host: str
    size: tuple[int, int]
    needs_referrer: bool = False


def identify_embed(address: str, more_hosts: Collection[str] = ()) -> Embed | None:
    """Return the player for an address; None if its host is neither known nor one of `more_hosts`.

    >>> identify_embed("https://youtu.be/aqz-KE-bpKQ?t=1m5s").player
    'https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?start=65'
    >>> identify_embed("https://evil.example/x"), identify_embed("javascript:x", ["x"])
    (None, None)
    """
    parts = _split(address)
    if parts is None:
        return None
    host = parts.hostname or ""
    for site in SITES:
        if host in site.hosts or f"*.{host.partition('.')[2]}" in site.hosts:
            player = site.player(parts, parse_qs(parts.query))
            if not player:
                break
            embed_host = urlsplit(player).hostname or ""
            page = _page_of_player(parts) or parts.geturl()
            return Embed(site.name, site.kind, page, player, embed_host, site.size, site.needs_referrer)
    if host in more_hosts:
        return Embed(host.removeprefix("www."), WIDGET, parts.geturl(), parts.geturl(), host, WIDGET_SIZE)
    return None


def is_host_name(text: str) -> bool:
    """Return whether a text is the name of a host, in small letters and without a port.

    >>> is_host_name("tube.example.org"), is_host_name("https://a.org"), is_host_name("a.org; script-src *")
    (True, False, False)
    """
    return HOST_NAME.fullmatch(text) is not None


def _split(address: str) -> SplitResult | None:
    """Return the parts of a web address in its secure form, None if it is not one of a host by name."""
    text = address.strip()
    text = f"https:{text}" if text.startswith("//") else text
    try:
        parts = urlsplit(quote(text, safe="%/:=&?~#+!$,;'@()*[]"))
        is_plain = parts.port in (None, 443) and "@" not in parts.netloc
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not is_plain or not is_host_name(parts.hostname or ""):
        return None
    return parts._replace(scheme="https", netloc=parts.hostname or "")


def _page_of_player(parts: SplitResult) -> str:
    """Return the page for readers of an address that is that of a player, "" if it is for readers itself."""
    for pattern, page in PAGE_BY_PLAYER:
        if match := re.fullmatch(pattern, f"{parts.hostname}{parts.path}"):
            return match.expand(page)
    return ""


PAGE_BY_PLAYER = (
    (r"(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{11})", r"https://www.youtube.com/watch?v=\1"),
    (r"player\.vimeo\.com/video/(\d+)", r"https://vimeo.com/\1"),
    (r"([\w.-]+)/videos/embed/([\w-]+)", r"https://\1/w/\2"),
    (r"embed\.ted\.com/talks/(\w+)", r"https://www.ted.com/talks/\1"),
    (r"sketchfab\.com/models/([0-9a-f]{32})/embed", r"https://sketchfab.com/models/\1"),
    (r"archive\.org/embed/([\w.-]+)", r"https://archive.org/details/\1"),
)


def seconds(text: str) -> int:
    """Return a time such as 90, 90s or 1m30s in seconds, 0 for anything else.

    >>> seconds("1h2m3s"), seconds("90"), seconds("x")
    (3723, 90, 0)
    """
    if text.isdigit():
        return int(text[:6])
    match = re.fullmatch(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?", text)
    return sum(int(part or 0) * unit for part, unit in zip(match.groups(), (3600, 60, 1), strict=True)) if match else 0


def _youtube(parts: SplitResult, query: Query) -> str:
    path = parts.path.strip("/").split("/")
    is_short = parts.hostname == "youtu.be"
    video = path[0] if is_short else path[1] if path[0] in ("embed", "shorts", "live", "v") and len(path) > 1 else ""
    video = video or query.get("v", [""])[0]
    playlist = query.get("list", [""])[0]
    start = seconds(next((query[key][0] for key in ("t", "start", "time_continue") if key in query), ""))
    options = {"start": str(start)} if start else {}
    options |= {"end": query["end"][0]} if query.get("end", [""])[0].isdigit() else {}
    options |= {"list": playlist} if re.fullmatch(r"[\w-]{10,64}", playlist) else {}
    if not re.fullmatch(r"[\w-]{11}", video):
        if "list" not in options:
            return ""
        video = "videoseries"
    return f"https://www.youtube-nocookie.com/embed/{video}" + (f"?{urlencode(options)}" if options else "")


def _vimeo(parts: SplitResult, query: Query) -> str:
    match = re.search(r"/(\d{5,12})(?:/([0-9a-f]{8,12}))?$", parts.path.rstrip("/"))
    secret = (match[2] if match else "") or query.get("h", [""])[0]
    options = {"dnt": "1"} | ({"h": secret} if re.fullmatch(r"[0-9a-f]{8,12}", secret) else {})
    return f"https://player.vimeo.com/video/{match[1]}?{urlencode(options)}" if match else ""


def _peertube(parts: SplitResult, _query: Query) -> str:
    match = re.fullmatch(r"/(?:w|videos/watch|videos/embed)/([\w-]{20,40})", parts.path.rstrip("/"))
    return f"https://{parts.hostname}/videos/embed/{match[1]}" if match else ""


def _soundcloud(parts: SplitResult, query: Query) -> str:
    track = query.get("url", [""])[0] if parts.hostname == "w.soundcloud.com" else parts.geturl()
    is_track = re.match(r"https://(?:api\.)?soundcloud\.com/", track) is not None
    return f"https://w.soundcloud.com/player/?{urlencode({'url': track})}" if is_track else ""


def _internet_archive(parts: SplitResult, _query: Query) -> str:
    match = re.match(r"/(?:details|embed)/([\w.-]+)", parts.path)
    return f"https://archive.org/embed/{match[1]}" if match else ""


def _geogebra(parts: SplitResult, _query: Query) -> str:
    match = re.search(r"/(?:m|material/iframe/id|material/show/id)/([\w-]{4,20})", parts.path)
    return f"https://www.geogebra.org/material/iframe/id/{match[1]}" if match else ""


def _desmos(parts: SplitResult, _query: Query) -> str:
    match = re.match(r"/(calculator|geometry|3d)/(\w{4,20})", parts.path)
    return f"https://www.desmos.com/{match[1]}/{match[2]}?embed" if match else ""


def _commons(parts: SplitResult, _query: Query) -> str:
    return f"{parts._replace(query='', fragment='').geturl()}?embedplayer=yes" if "/wiki/File:" in parts.path else ""


def _h5p(parts: SplitResult, _query: Query) -> str:
    if parts.hostname != "h5p.org":
        return parts.geturl() if "/embed" in parts.path else f"{parts.geturl().rstrip('/')}/embed"
    match = re.search(r"/h5p/embed/(\d+)|/node/(\d+)", parts.path)
    return f"https://h5p.org/h5p/embed/{match[1] or match[2]}" if match else ""


def _phet(parts: SplitResult, _query: Query) -> str:
    match = re.fullmatch(r"/([a-z]{2,3}(?:_[A-Z]{2})?)/simulations?/([\w-]+)/?", parts.path)
    if match:
        return f"https://phet.colorado.edu/sims/html/{match[2]}/latest/{match[2]}_{match[1]}.html"
    return parts.geturl() if parts.path.startswith("/sims/html/") else ""


def _ccc(parts: SplitResult, _query: Query) -> str:
    match = re.match(r"/v/([\w.-]+)", parts.path)
    return f"https://media.ccc.de/v/{match[1]}/oembed" if match else ""


def _tib(parts: SplitResult, _query: Query) -> str:
    match = re.match(r"/(?:media|player)/(\d+)", parts.path)
    return f"https://av.tib.eu/player/{match[1]}" if match else ""


def _learning_apps(parts: SplitResult, query: Query) -> str:
    match = re.fullmatch(r"/(?:view|display)?(\d{3,12})", parts.path)
    app = match[1] if match else query.get("app", [""])[0]
    return f"https://learningapps.org/watch?app={app}" if app.isdigit() else parts.geturl() if "v" in query else ""


def _ted(parts: SplitResult, _query: Query) -> str:
    match = re.match(r"/talks/(?:lang/[\w-]{2,10}/)?(\w+)", parts.path)
    return f"https://embed.ted.com/talks/{match[1]}" if match else ""


def _sketchfab(parts: SplitResult, _query: Query) -> str:
    match = re.match(r"/(?:3d-models/[\w-]*-|models/)([0-9a-f]{32})", parts.path)
    return f"https://sketchfab.com/models/{match[1]}/embed" if match else ""


def _our_world_in_data(parts: SplitResult, _query: Query) -> str:
    return parts.geturl() if parts.path.startswith(("/grapher/", "/explorers/")) else ""


def _as_it_is(parts: SplitResult, _query: Query) -> str:
    return parts.geturl()


PEERTUBE_HOSTS = (
    "framatube.org",
    "peertube.tv",
    "tilvids.com",
    "video.blender.org",
    "makertube.net",
    "diode.zone",
    "tube.tchncs.de",
)
SITES: Sequence[EmbedSite] = (
    EmbedSite(
        "YouTube",
        ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "www.youtube-nocookie.com"),
        VIDEO,
        _youtube,
        needs_referrer=True,
    ),
    EmbedSite("Vimeo", ("vimeo.com", "www.vimeo.com", "player.vimeo.com"), VIDEO, _vimeo),
    EmbedSite("PeerTube", PEERTUBE_HOSTS, VIDEO, _peertube),
    EmbedSite("SoundCloud", ("soundcloud.com", "w.soundcloud.com"), AUDIO, _soundcloud, AUDIO_SIZE),
    EmbedSite("Internet Archive", ("archive.org", "www.archive.org"), VIDEO, _internet_archive),
    EmbedSite("Wikimedia Commons", ("commons.wikimedia.org",), VIDEO, _commons),
    EmbedSite("media.ccc.de", ("media.ccc.de",), VIDEO, _ccc),
    EmbedSite("TIB AV-Portal", ("av.tib.eu",), VIDEO, _tib),
    EmbedSite("TED", ("ted.com", "www.ted.com", "embed.ted.com"), VIDEO, _ted),
    EmbedSite("GeoGebra", ("geogebra.org", "www.geogebra.org"), WIDGET, _geogebra, WIDGET_SIZE),
    EmbedSite("PhET", ("phet.colorado.edu",), WIDGET, _phet, (800, 504)),
    EmbedSite("H5P", ("h5p.org", "*.h5p.com"), WIDGET, _h5p, (800, 500)),
    EmbedSite("Desmos", ("desmos.com", "www.desmos.com"), WIDGET, _desmos, (800, 500)),
    EmbedSite("LearningApps", ("learningapps.org",), WIDGET, _learning_apps, WIDGET_SIZE),
    EmbedSite("Our World in Data", ("ourworldindata.org",), WIDGET, _our_world_in_data, WIDGET_SIZE),
    EmbedSite("Sketchfab", ("sketchfab.com",), WIDGET, _sketchfab, (640, 480)),
    EmbedSite("MolView", ("embed.molview.org",), WIDGET, _as_it_is, (500, 400)),
    EmbedSite("Grasple", ("embed.grasple.com",), WIDGET, _as_it_is, WIDGET_SIZE),
    EmbedSite("OpenStreetMap", ("www.openstreetmap.org",), WIDGET, _as_it_is, (600, 400)),
)
