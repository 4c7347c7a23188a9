// Comfort for readers who have JavaScript; the book reads without it.
"use strict";

// Light or dark: the switch remembers.
const themeSwitch = document.querySelector(".theme-switch");
if (themeSwitch) {
  themeSwitch.hidden = false;
  themeSwitch.addEventListener("click", () => {
    const following = night.get() === "auto" && matchMedia("(prefers-color-scheme: dark)").matches;
    const next = following || night.get() === "dark" ? "light" : "dark";
    night.set(next);
    try {
      localStorage.setItem("oerbook-theme", next);
    } catch (error) {
      // Not kept: the choice holds for this page.
    }
  });
}

// Beside the text the contents stand open, and the chapter in hand is in view.
const fold = document.querySelector(".fold");
if (fold && matchMedia("(min-width: 76rem)").matches) {
  fold.open = true;
  const shelf = fold.closest(".contents");
  const here = shelf.querySelector("[aria-current]");
  if (here) shelf.scrollTop = here.offsetTop - shelf.clientHeight / 3;
}

// The section in hand is marked in the contents.
const sections = [...document.querySelectorAll(".sections ul ul a")];
if (sections.length && "IntersectionObserver" in window) {
  const heads = sections.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const mark = () => {
    const past = heads.filter((head) => head && head.getBoundingClientRect().top < innerHeight / 3);
    sections.forEach((link, place) => link.classList.toggle("here", heads[place] === past.at(-1) && past.length > 0));
  };
  const watch = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px", threshold: [0, 1] });
  heads.forEach((head) => head && watch.observe(head));
}

// The keyboard: a slash leads to the search, Escape takes away what a search has marked.
const typing = (event) => event.target.closest?.("input, textarea, select") || event.metaKey || event.ctrlKey || event.altKey;
const sought = document.querySelector(".tools a[rel='search']");
addEventListener("keydown", (event) => {
  if (typing(event)) return;
  if (event.key === "/" && sought) {
    event.preventDefault();
    const field = document.getElementById("oerbook_q");
    if (field) field.select();
    else location.href = sought.href;
  }
  if (event.key === "Escape") document.querySelectorAll(".highlighted").forEach((hit) => hit.classList.remove("highlighted"));
});

// Code can be copied, without its prompts and line numbers.
const words = (pre) => {
  const copy = pre.cloneNode(true);
  copy.querySelectorAll(".linenos, .gp, .go").forEach((part) => part.remove());
  return copy.textContent.replace(/\n+$/, "\n");
};
if (navigator.clipboard) {
  document.querySelectorAll("div.highlight").forEach((block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = document.body.dataset.copy || "Copy";
    button.addEventListener("click", async () => {
      const pre = block.querySelector("pre");
      try {
        await navigator.clipboard.writeText(words(pre));
        button.textContent = document.body.dataset.copied || "Copied";
      } catch (error) {
        getSelection().selectAllChildren(pre); // not allowed here: the reader copies what is selected
      }
    });
    block.append(button);
  });
}

// What is wider than its place scrolls there, and the keyboard can reach it.
const reach = () =>
  document.querySelectorAll(".body pre, .scroll, .displaymath, .body :is(p, dt, h1, h2, h3, h4):has(math)").forEach((box) => {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
reach();
addEventListener("resize", reach);
document.fonts?.ready.then(reach);
document.querySelectorAll("details, .sd-tab-set").forEach((box) => {
  box.addEventListener("toggle", reach);
  box.addEventListener("change", reach);
});
