// Copy an attribution, as text, HTML or BibTeX: of the page, of a figure, or of selected words with their true authors.
"use strict";
{
  const box = document.querySelector("details.cite[data-cite]");
  const text = document.querySelector(".body");
  if (box && text && navigator.clipboard) {
    const page = JSON.parse(box.dataset.cite);
    const escape = (words) => words.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char]);
    const fill = (template, authors, safe = (words) => words) => template.replace("{authors}", () => safe(authors));
    const join = (names) => (names.length > 6 ? `${names.slice(0, 3).join(", ")} …` : names.join(", "));
    const spoken = (node) => {
      const copy = node.cloneNode(true);
      copy.querySelectorAll("button, .headerlink, .cite-choice").forEach((part) => part.remove());
      return copy.textContent.replace(/\s+/g, " ").trim();
    };
    const noted = (entry, words) => entry.replace(/\n}\s*$/, `\n  annote = {${words.replace(/([\\{}&%$#_])/g, "\\$1")}},\n}\n`);
    // By what is copied: its attribution in the three forms.
    const ofPage = (authors = page.authors) => ({
      text: fill(page.text, join(authors)),
      html: `<p>${fill(page.html, join(authors), escape)}</p>`,
      bibtex: authors === page.authors ? page.bibtex : page.bibtex.replace(/^  author = .*\n/m, "").replace("\n", () => `\n  author = {${authors.join(" and ")}},\n`),
    });
    const ofWords = (words, authors) => {
      const whole = ofPage(authors.length ? authors : page.authors);
      return {
        text: `“${words}”\n— ${whole.text}`,
        html: `<blockquote><p>${escape(words)}</p></blockquote>\n${whole.html}`,
        bibtex: noted(whole.bibtex, words),
      };
    };
    const credits = [...text.querySelectorAll("figcaption .attribution")];
    const ofFigure = (figure) => {
      const credit = figure.querySelector(".attribution");
      const work = credit && page.works[credits.indexOf(credit)];
      if (work) return work;
      const caption = figure.querySelector("figcaption");
      const image = figure.querySelector("img");
      return ofWords((caption && spoken(caption)) || image?.alt || "", []);
    };
    // Three buttons; `attribution` is computed when one is pressed.
    const choice = (attribution) => {
      const group = document.createElement("span");
      group.className = "cite-choice";
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", box.dataset.copy);
      for (const form of ["text", "html", "bibtex"]) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = box.dataset[form];
        button.addEventListener("click", async () => {
          const copied = (await attribution())[form];
          try {
            await navigator.clipboard.writeText(copied);
            button.textContent = document.body.dataset.copied;
          } catch (error) {
            button.textContent = "—"; // The browser does not allow it here.
          }
        });
        group.append(button);
      }
      return group;
    };
    const line = document.createElement("p");
    line.className = "cite-line";
    line.append(`${box.dataset.copy}: `, choice(() => ofPage()));
    box.append(line);
    text.querySelectorAll("figure").forEach((figure) => {
      const caption = figure.querySelector("figcaption");
      if (!caption || figure.parentElement.closest("figure")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cite-open";
      button.textContent = box.dataset.copy;
      button.setAttribute("aria-expanded", "false");
      let group = null;
      button.addEventListener("click", () => {
        group = group || choice(() => ofFigure(figure));
        if (group.isConnected) group.remove();
        else button.after(group);
        button.setAttribute("aria-expanded", String(group.isConnected));
      });
      caption.append(button);
    });
    // Selected words: their authors are in the file that says who wrote what, if there is one.
    const bar = document.createElement("div");
    bar.className = "cite-bar";
    bar.hidden = true;
    let selected = null;
    const authorsOf = async (range) => {
      const names = globalThis.oerbookAuthorsOf && (await globalThis.oerbookAuthorsOf(range).catch(() => []));
      return names || [];
    };
    bar.append(`${box.dataset.selected}: `, choice(async () => ofWords(selected.toString().replace(/\s+/g, " ").trim(), await selected.authors())));
    bar.addEventListener("mousedown", (event) => event.preventDefault()); // The words stay selected.
    document.body.append(bar);
    document.addEventListener("selectionchange", () => {
      const selection = getSelection();
      const range = selection.rangeCount ? selection.getRangeAt(0) : null;
      const words = range && !range.collapsed && text.contains(range.commonAncestorContainer) ? selection.toString() : "";
      if (words.trim().length > 20) {
        const kept = range.cloneRange();
        let names = null;
        selected = { toString: () => words, authors: () => (names = names || authorsOf(kept)) };
        bar.querySelectorAll("button").forEach((button, place) => (button.textContent = box.dataset[["text", "html", "bibtex"][place]]));
        bar.hidden = false;
      } else if (!bar.contains(document.activeElement)) {
        bar.hidden = true;
      }
    });
    addEventListener("keydown", (event) => event.key === "Escape" && (bar.hidden = true));
  }
}
