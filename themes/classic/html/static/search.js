// The search page by keyboard: arrows go from hit to hit, Escape goes back to the field and from there to where one was.
"use strict";
// Pages opened as files cannot be fetched: the search lists titles then, without a passage of each page.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
{
  const field = document.getElementById("oerbook_q");
  const results = document.getElementById("search-results");
  const query = new URLSearchParams(location.search).get("q");
  if (query) field.value = query;
  else field.focus();

  // Sphinx keeps the words to mark on the page of a hit: as it finds them by their stems, they are marked by their stems.
  const stems = () => {
    const stemmer = typeof Stemmer === "function" ? new Stemmer() : null;
    const words = localStorage.getItem("sphinx_highlight_terms")?.split(" ") || [];
    const short = words.map((word) => stemmer?.stemWord(word) || word).map((stem, at) => (words[at].startsWith(stem) ? stem : words[at]));
    if (words.length) localStorage.setItem("sphinx_highlight_terms", short.join(" "));
  };

  // How much was found is said to those who cannot see it.
  new MutationObserver(() => {
    results.querySelector(".search-summary")?.setAttribute("role", "status");
    try {
      stems();
    } catch (error) {
      // Nothing is kept in this browser: nothing is marked.
    }
  }).observe(results, { childList: true });

  addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const stops = [field, ...results.querySelectorAll("ul.search > li > a")];
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
