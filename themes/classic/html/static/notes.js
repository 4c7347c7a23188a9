// Notes and terms where they are needed: beside the text where there is room, else opened below the paragraph.
"use strict";
{
  const wide = matchMedia("(min-width: 60rem)");
  const block = (node) => node.closest("p, li, dd, td, figcaption, blockquote") || node.parentElement;
  const target = (link, page = document) => {
    try {
      return page.getElementById(decodeURIComponent(link.hash.slice(1)));
    } catch (error) {
      return null; // an address that is no address
    }
  };

  // In the margin: each note stands beside its reference, and goes home when the window grows narrow or is printed.
  const homes = [];
  const place = () => {
    if (!wide.matches || homes.length) return;
    document.querySelectorAll(".body a.footnote-reference").forEach((link) => {
      const note = target(link);
      const anchor = block(link);
      if (!note || note.dataset.beside || !anchor.closest("section") || anchor.closest("td, .admonition, figcaption, li")) return;
      homes.push([note, note.parentElement, note.nextSibling]);
      note.dataset.beside = "true";
      anchor.before(note);
    });
    document.querySelectorAll(".footnote-list").forEach((list) => list.classList.toggle("empty", !list.querySelector(".footnote")));
  };
  const home = () => {
    while (homes.length) {
      const [note, parent, next] = homes.pop();
      delete note.dataset.beside;
      parent.insertBefore(note, next);
    }
    document.querySelectorAll(".footnote-list.empty").forEach((list) => list.classList.remove("empty"));
  };
  place();
  wide.addEventListener("change", () => (wide.matches ? place() : home()));
  addEventListener("beforeprint", home);
  addEventListener("afterprint", place);

  // In place: the words open below the paragraph, and a second click or Escape closes them.
  const close = (link) => {
    link.opened?.remove();
    link.opened = null;
    link.removeAttribute("aria-expanded");
  };
  const open = (link, words) => {
    const box = document.createElement("div");
    box.className = "in-place";
    box.setAttribute("role", "note");
    box.append(...words);
    box.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
    const anchor = block(link);
    if (anchor.matches("li, dd, td, figcaption")) anchor.append(box);
    else anchor.after(box);
    link.opened = box;
    link.setAttribute("aria-expanded", "true");
  };
  const copies = (nodes) => [...nodes].map((node) => node.cloneNode(true));
  const noteOf = (link) => {
    const note = target(link);
    return note && !note.dataset.beside ? copies(note.children).filter((part) => !part.matches(".label, .backrefs")) : null;
  };
  // Only pages of the book are taken in: what lies in _downloads is an author's file.
  const isPage = (link) => link.origin === location.origin && /(\.html|\/)$/.test(link.pathname) && !/\/_/.test(link.pathname);
  const termOf = async (link) => {
    const here = link.href.split("#")[0] === location.href.split("#")[0];
    if (!here && !isPage(link)) return null;
    const page = here
      ? document
      : new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    let said = target(link, page)?.closest("dt");
    while (said && said.tagName === "DT") said = said.nextElementSibling;
    return said ? copies(said.childNodes) : null;
  };
  document.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    const note = event.target.closest?.(".body a.footnote-reference");
    const term = event.target.closest?.(".body a:has(> .std-term)");
    const link = note || term;
    if (!link || (note && target(note)?.dataset.beside)) return;
    event.preventDefault();
    if (link.opened) return close(link);
    const words = await Promise.resolve(note ? noteOf(note) : termOf(term)).catch(() => null);
    if (words?.length) open(link, words);
    else location.href = link.href;
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".body a[aria-expanded]").forEach((link) => {
      close(link);
      link.focus();
    });
  });
}
