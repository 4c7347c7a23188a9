"""Typst runs in a process of its own: several times for one book, and its end is no end of the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.tools.typst_process import STOPPED, TypstProcess


def test_a_book_is_compiled_again_after_it_changed_and_after_the_process_died(tmp_path: Path) -> None:
    main, out = tmp_path / "main.typ", tmp_path / "book.pdf"
    main.write_text("= Soil\n")
    typesetter = TypstProcess(main, tmp_path)
    assert typesetter.write_pdf(out, 0, ()) is None
    first = out.read_bytes()
    main.write_text("= Water\n#missing\n")
    failure = typesetter.write_pdf(out, 0, ())
    assert failure is not None and (failure.file, failure.line) == ("main.typ", 2)
    main.write_text("= Soil\n")
    assert typesetter._process is not None
    typesetter._process.kill()
    assert typesetter.write_pdf(out, 0, ()) == STOPPED
    assert typesetter.write_pdf(out, 0, ()) is None and out.read_bytes() == first


def test_the_process_ends_with_the_object(tmp_path: Path) -> None:
    (tmp_path / "main.typ").write_text("= Soil\n")
    typesetter = TypstProcess(tmp_path / "main.typ", tmp_path)
    assert typesetter.write_pdf(tmp_path / "book.pdf", 0, ()) is None
    process = typesetter._process
    del typesetter
    assert process is not None and process.wait(timeout=30) != 0


def test_a_pdf_that_cannot_be_written_is_an_error_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "main.typ").write_text("= Soil\n")
    with pytest.raises(FileNotFoundError):
        TypstProcess(tmp_path / "main.typ", tmp_path).write_pdf(tmp_path / "gone" / "book.pdf", 0, ())
