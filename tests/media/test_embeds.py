"""Addresses that authors copy from a browser, or embed codes hold, become addresses of players."""

from __future__ import annotations

import pytest

from oerbook.media.embeds import identify_embed

YOUTUBE = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"
PLAYERS = {
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ": YOUTUBE,
    "http://youtube.com/watch?v=aqz-KE-bpKQ&feature=share": YOUTUBE,
    "https://youtu.be/aqz-KE-bpKQ?si=abc": YOUTUBE,
    "https://www.youtube.com/embed/aqz-KE-bpKQ?start=90": f"{YOUTUBE}?start=90",
    "https://m.youtube.com/shorts/aqz-KE-bpKQ": YOUTUBE,
    "//www.youtube-nocookie.com/embed/aqz-KE-bpKQ": YOUTUBE,
    "https://www.youtube.com/playlist?list=PL1234567890": "https://www.youtube-nocookie.com/embed/videoseries?list=PL1234567890",
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://vimeo.com/channels/staffpicks/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://vimeo.com/76979871/0a1b2c3d4e": "https://player.vimeo.com/video/76979871?dnt=1&h=0a1b2c3d4e",
    "https://framatube.org/w/kkGMgK9ZtnKfYAgnEtQxbv": "https://framatube.org/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv",
    "https://archive.org/details/soil_1935": "https://archive.org/embed/soil_1935",
    "https://www.geogebra.org/m/abcd1234": "https://www.geogebra.org/material/iframe/id/abcd1234",
    "https://phet.colorado.edu/de/simulations/ph-scale": "https://phet.colorado.edu/sims/html/ph-scale/latest/ph-scale_de.html",
    "https://www.desmos.com/calculator/xyz1a": "https://www.desmos.com/calculator/xyz1a?embed",
    "https://h5p.org/node/6725": "https://h5p.org/h5p/embed/6725",
    "https://college.h5p.com/content/129": "https://college.h5p.com/content/129/embed",
    "https://learningapps.org/12345": "https://learningapps.org/watch?app=12345",
    "https://commons.wikimedia.org/wiki/File:Worm.webm": "https://commons.wikimedia.org/wiki/File:Worm.webm?embedplayer=yes",
    "https://www.ted.com/talks/evelyn_glennie_how_to_truly_listen?language=de": "https://embed.ted.com/talks/evelyn_glennie_how_to_truly_listen",
    "https://ourworldindata.org/grapher/life-expectancy?tab=map": "https://ourworldindata.org/grapher/life-expectancy?tab=map",
    "https://sketchfab.com/3d-models/a-worm-0123456789abcdef0123456789abcdef": "https://sketchfab.com/models/0123456789abcdef0123456789abcdef/embed",
    "https://embed.molview.org/v1/?mode=balls&cid=962": "https://embed.molview.org/v1/?mode=balls&cid=962",
    "https://av.tib.eu/media/12345": "https://av.tib.eu/player/12345",
    "https://media.ccc.de/v/36c3-1": "https://media.ccc.de/v/36c3-1/oembed",
}


@pytest.mark.parametrize("address", PLAYERS)
def test_an_address_leads_to_the_player_of_its_site(address: str) -> None:
    embed = identify_embed(address)
    assert embed is not None
    assert embed.player == PLAYERS[address]
    assert embed.player.startswith(f"https://{embed.host}/")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/watch?v=aqz-KE-bpKQ",
        "https://www.youtube.com.evil.example/embed/aqz-KE-bpKQ",
        "https://youtube.com@evil.example/embed/aqz-KE-bpKQ",
        "https://www.youtube.com:8443/embed/aqz-KE-bpKQ",
        "https://www.youtube.com/redirect?q=https://evil.example",
        "https://w.soundcloud.com/player/?url=https://evil.example/x",
        "javascript:alert(1)//www.youtube.com/embed/aqz-KE-bpKQ",
        "data:text/html,www.youtube.com/embed/aqz-KE-bpKQ",
        "https://[::1]/embed",
        "https://www.youtube.com;script-src *;/embed/aqz-KE-bpKQ",
        "https://h5p.com.evil.example/content/1",
        "films/film.mp4",
        "",
    ],
)
def test_no_other_address_is_embedded(address: str) -> None:
    assert identify_embed(address) is None


def test_a_player_leads_readers_to_the_page_of_the_video() -> None:
    embed = identify_embed("https://www.youtube.com/embed/aqz-KE-bpKQ?rel=0")
    assert embed is not None
    assert embed.address == "https://www.youtube.com/watch?v=aqz-KE-bpKQ"


def test_a_book_can_add_hosts_and_only_these() -> None:
    embed = identify_embed("https://tube.example.org/w/1", ["tube.example.org"])
    assert embed is not None
    assert (embed.site, embed.player) == ("tube.example.org", "https://tube.example.org/w/1")
    assert identify_embed("https://sub.tube.example.org/w/1", ["tube.example.org"]) is None
