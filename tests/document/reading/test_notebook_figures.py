"""Outputs of notebooks: figures have the caption and label of their cell's metadata, and scripts are told."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import html
from PIL import Image

from tests.conftest import oerbook


def cell(source: str, output: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    shown = {"output_type": "display_data", "metadata": {}, "data": output}
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": metadata,
        "source": source,
        "outputs": [shown] if output else [],
    }


def notebook(*cells: dict[str, Any], text: str = "# Plots\n\nSee {numref}`fig-rain`.") -> str:
    first = {"cell_type": "markdown", "metadata": {}, "source": text}
    return json.dumps({"cells": [first, *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def picture() -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 10)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_caption_label_and_description_come_from_the_metadata(make: Callable[..., Path]) -> None:
    settings = {"figure": {"caption": "Rain in *March*", "name": "fig-rain"}, "image": {"alt": "Bars", "width": "50%"}}
    root = make({"chapters/01-a.ipynb": notebook(cell("plot()", {"image/png": picture()}, mystnb=settings))})
    ran = oerbook("build", "html", "--format", "json", cwd=root)
    assert not [f for f in ran.report["findings"] if f["severity"] != "info"]
    page = html.parse(root / "_build/html/a.html")
    figure = page.find(".//figure")
    assert figure.find(".//img").get("alt") == "Bars" and "50%" in figure.find(".//img").get("style")
    assert figure.find("figcaption").text_content().strip().startswith("Fig. 1.1 Rain in March")
    assert "See Fig. 1.1." in " ".join(page.getroot().text_content().split())


def test_options_in_comments_of_the_code_are_read_and_not_shown(make: Callable[..., Path]) -> None:
    source = "#| label: fig-rain\n#| fig-cap: Rain in March\n#| fig-alt: Bars\nplot()"
    hidden = cell("#| echo: false\nsecret()", {"text/plain": "42"})
    labelled = cell("#| label: sums\nadd()", {"text/plain": "43"})
    text = "# Plots\n\nSee {numref}`fig-rain` and [the sums](#sums)."
    root = make({"chapters/01-a.ipynb": notebook(cell(source, {"image/png": picture()}), hidden, labelled, text=text)})
    ran = oerbook("build", "html", "--format", "json", cwd=root)
    assert not [f for f in ran.report["findings"] if f["severity"] != "info"]
    page = html.parse(root / "_build/html/a.html")
    assert page.find(".//figure").find(".//img").get("alt") == "Bars"
    words = " ".join(page.getroot().text_content().split())
    assert "See Fig. 1.1 and the sums." in words and "Rain in March" in words
    assert "#|" not in words and "secret" not in words and "42" in words


def glued(name: str, **data: str) -> dict[str, Any]:
    prefix = "application/papermill.record/"
    stored = {prefix + kind.replace("_", "/"): value for kind, value in data.items()}
    metadata = {"scrapbook": {"name": name, "mime_prefix": prefix}}
    output = {"output_type": "display_data", "metadata": metadata, "data": stored}
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": "glue()", "outputs": [output]}


def test_values_that_code_stored_with_glue_are_shown(make: Callable[..., Path]) -> None:
    text = (
        "# Plots\n\nThe mean is {glue:text}`mean:.2f` of {glue:text}`kind`; {glue:text}`lost` is not stored.\n\n"
        "```{glue:figure} bars\n:name: fig-rain\nRain in March\n```\n\n```{glue} kind\n```\n\nSee {numref}`fig-rain`."
    )
    cells = [
        glued("mean", text_plain="3.14159"),
        glued("kind", text_plain="'drizzle'"),
        glued("bars", image_png=picture(), text_plain="<Figure>"),
    ]
    root = make({"chapters/01-a.ipynb": notebook(*cells, text=text)})
    ran = oerbook("build", "html", "--format", "json", cwd=root)
    assert [f["message"].split()[-1] for f in ran.findings("glue-value-missing")] == ["lost"]
    page = html.parse(root / "_build/html/a.html")
    words = " ".join(page.getroot().text_content().split())
    assert "The mean is 3.14 of drizzle; [lost] is not stored." in words and "See Fig. 1.1." in words
    figure = page.find(".//figure")
    assert figure.find(".//img") is not None and "Rain in March" in figure.find("figcaption").text_content()


def test_a_notebook_output_that_needs_a_script_is_reported(make: Callable[..., Path]) -> None:
    widget = cell(
        "slider", {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "IntSlider()"}
    )
    plotly = cell("figure", {"application/vnd.plotly.v1+json": {"data": []}})
    text = "# Plots\n\nWords."
    root = make({"chapters/01-a.ipynb": notebook(widget, plotly, text=text)})
    found = oerbook("build", "html", "--format", "json", cwd=root).findings("output-not-stored")
    assert {f["message"].partition("(")[2] for f in found} == {
        "a Jupyter widget); its text is shown instead",
        "Plotly); it is left out",
    }


def test_a_picture_of_another_kind_in_an_output_starts_nothing(make: Callable[..., Path]) -> None:
    drawing = base64.b64encode(b"%!PS-Adobe-3.0 EPSF-3.0\n").decode()
    root = make({"chapters/01-a.ipynb": notebook(cell("plot()", {"image/png": drawing}), text="# Plots\n\nWords.")})
    ran = oerbook("build", "html", "--format", "json", cwd=root)
    assert "PostScript" in ran.findings("image-corrupt")[0]["message"]
