// The search: while one types, by chapter and section, with Sphinx's index. Arrows go from hit to hit, Escape goes back to the
// field and from there to where one was.
"use strict";
// Pages opened as files cannot be fetched: the search lists chapters then, without their sections.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
{
  const SECTIONS = 3; // of a chapter at most
  const AROUND = 110; // letters before and after a hit
  const field = document.getElementById("oerbook_q");
  const results = document.getElementById("search-results");
  const query = new URLSearchParams(location.search).get("q");
  if (query) field.value = query;
  else field.focus();

  // -- the sections of a chapter in which the words stand --
  const plain = (node) => (node ? node.textContent.replace(/\s+/g, " ").trim() : "");
  // A term stands with what it means.
  const block = (node) => plain(node) + (node.tagName === "DT" && node.nextElementSibling?.tagName === "DD" ? `: ${plain(node.nextElementSibling)}` : "");
  const within = (text, stems) => stems.filter((stem) => text.includes(stem)).length;
  const around = (text, stems) => {
    const lower = text.toLowerCase();
    const first = Math.min(...stems.map((stem) => lower.indexOf(stem)).filter((at) => at >= 0), text.length);
    const from = first > AROUND ? text.indexOf(" ", first - AROUND) + 1 : 0;
    const to = text.length > first + AROUND ? text.lastIndexOf(" ", first + AROUND) : text.length;
    return (from ? "… " : "") + text.slice(from, Math.max(to, first)) + (to < text.length ? " …" : "");
  };
  const sections = (page, stems) =>
    [...page.querySelectorAll(".body section")]
      .map((section) => {
        const heading = section.querySelector(":scope > :is(h1, h2, h3, h4, h5, h6)");
        const blocks = [...section.querySelectorAll("p, li, dt, dd, pre, td, figcaption, .displaymath")]
          .filter((node) => node.closest("section") === section && !node.querySelector("p, li"))
          .map(block);
        const best = blocks.reduce((one, other) => (within(other.toLowerCase(), stems) > within(one.toLowerCase(), stems) ? other : one), "");
        const title = plain(heading);
        const score = 2 * within(title.toLowerCase(), stems) + 3 * within(best.toLowerCase(), stems);
        return { id: section.id, title, best, score, top: heading?.tagName === "H1" };
      })
      .filter((section) => section.score)
      .sort((one, other) => other.score - one.score)
      .slice(0, SECTIONS);

  // Sphinx shows with each hit what this returns of its page.
  if (typeof Search === "object") {
    Search.makeSearchSummary = (data, terms) => {
      const page = new DOMParser().parseFromString(data, "text/html");
      page.querySelectorAll(".headerlink, .reading-time, .byline, script, style, annotation").forEach((part) => part.remove());
      const list = document.createElement("ol");
      list.className = "places";
      list.dataset.number = plain(page.querySelector(".body h1 > .section-number"));
      for (const section of sections(page, [...terms])) {
        const item = document.createElement("li");
        if (!section.top) {
          const link = document.createElement("a");
          link.dataset.section = section.id;
          link.append(section.title);
          item.append(link);
        }
        const words = document.createElement("p");
        words.className = "context";
        words.append(around(section.best || section.title, [...terms]));
        item.append(words);
        list.append(item);
      }
      return list;
    };
  }

  // Each chapter is listed once, under its number, and the links to its sections get its address.
  const order = () => {
    const seen = new Set();
    results.querySelectorAll("ul.search > li").forEach((item) => {
      const link = item.querySelector(":scope > a");
      const [address] = link.getAttribute("href").split("#");
      if (seen.has(address)) return item.remove();
      seen.add(address);
      if (link.textContent.includes(" > ")) link.textContent = link.textContent.split(" > ")[0];
      if (link.hash) link.setAttribute("href", address);
      const places = item.querySelector(":scope > .places");
      places?.querySelectorAll("a:not([href])").forEach((place) => place.setAttribute("href", `${address}#${place.dataset.section}`));
      if (places?.dataset.number && !link.querySelector(".number")) {
        const number = document.createElement("span");
        number.className = "number";
        number.textContent = `${places.dataset.number} `;
        link.prepend(number);
      }
    });
    const summary = results.querySelector(".search-summary");
    if (summary?.textContent) {
      const told = summary.textContent.replace(/\d+/, String(seen.size));
      if (told !== summary.textContent) summary.textContent = told;
    }
    summary?.setAttribute("role", "status"); // how much was found is said to those who cannot see it
  };

  // Sphinx keeps the words to mark in the page that is opened next, whichever it is: here only a hit gets them. As it finds words
  // by their stems, they are marked by their stems.
  let marks = "";
  const take = () => {
    try {
      const words = localStorage.getItem("sphinx_highlight_terms")?.split(" ") || [];
      localStorage.removeItem("sphinx_highlight_terms");
      const stemmer = typeof Stemmer === "function" ? new Stemmer() : null;
      const short = words.map((word) => stemmer?.stemWord(word) || word).map((stem, at) => (words[at].startsWith(stem) ? stem : words[at]));
      if (words.length) marks = short.join(" ");
    } catch (error) {
      // Nothing is kept in this browser: nothing is marked.
    }
  };
  const give = (event) => {
    if (!event.target.closest?.("a") || !marks) return;
    try {
      localStorage.setItem("sphinx_highlight_terms", marks);
    } catch (error) {
      // As above.
    }
  };
  results.addEventListener("click", give);
  results.addEventListener("auxclick", give);
  const watch = new MutationObserver(() => {
    watch.disconnect();
    take();
    order();
    watch.observe(results, { childList: true, subtree: true });
  });
  watch.observe(results, { childList: true, subtree: true });

  // -- while one types: the next search begins when the last one has ended --
  let waiting = 0;
  const search = () => {
    clearTimeout(waiting);
    if (typeof Search !== "object" || Search._pulse_status >= 0) {
      waiting = setTimeout(search, 120);
      return;
    }
    const words = field.value.trim();
    results.replaceChildren();
    history.replaceState(history.state, "", words ? `?q=${encodeURIComponent(words)}` : location.pathname);
    if (words.length > 1) Search.performSearch(words);
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 250);
  });

  addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const stops = [field, ...results.querySelectorAll("ul.search a[href]")];
    const at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && stops[at + step]) {
      event.preventDefault();
      stops[at + step].focus();
    }
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (at > 0) field.select();
    else history.back();
  });
}
