// Runs in every page of the live preview: updates the page in place when it changes, and lists its problems.
// It runs before all other scripts, so that it knows the page as it was written.
"use strict";
{
  const self = document.currentScript;
  const address = self.dataset.page;
  let seen = self.dataset.seen;

  // The blocks of the text as they were written, before other scripts add to them.
  const written = new WeakMap();
  const holds = (one) => ["SECTION", "MAIN"].includes(one.tagName) || one.matches(".body");
  const mark = (one) => {
    written.set(one, one.outerHTML);
    if (holds(one)) for (const child of one.children) mark(child);
  };
  const text = document.querySelector(".body");
  // After a swap: what holds the blocks is written as the new page writes it.
  const remember = (one, fresh) => {
    written.set(one, fresh.outerHTML);
    const children = holds(one) ? [...one.children].filter((child) => written.has(child)) : [];
    children.forEach((child, place) => holds(child) && remember(child, fresh.children[place]));
  };
  const around = (page) => {
    const rest = page.documentElement.cloneNode(true);
    rest.querySelector(".body")?.replaceChildren();
    for (const one of rest.querySelectorAll("script[data-seen], link[rel=preload]")) one.remove();
    return rest.outerHTML;
  };
  let frame = "";
  if (text) {
    mark(text);
    frame = around(document);
  }

  // What other scripts make something of is loaded with the page; the rest takes the place of what was there.
  const plain = (one) => !one.matches("pre, figure, table") && !one.querySelector("pre, figure, table, img, svg, .footnote-reference, [role=doc-noteref], abbr, input, details, aside");
  // Pairs of blocks that are the same before and after, in order: the longest common subsequence.
  const pairs = (before, after) => {
    const same = (i, j) => written.get(before[i]) === after[j].outerHTML;
    let first = 0, ends = [before.length, after.length];
    const found = [];
    while (first < Math.min(...ends) && same(first, first)) found.push([first, first++]);
    const tail = [];
    while (Math.min(...ends) > first && same(ends[0] - 1, ends[1] - 1)) tail.unshift((ends = ends.map((end) => end - 1)));
    const rows = ends[0] - first, columns = ends[1] - first;
    const best = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
    for (let i = rows - 1; i >= 0; i -= 1)
      for (let j = columns - 1; j >= 0; j -= 1)
        best[i][j] = same(first + i, first + j) ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    for (let i = 0, j = 0; i < rows && j < columns; )
      if (same(first + i, first + j)) found.push([first + i++, first + j++]);
      else if (best[i + 1][j] >= best[i][j + 1]) i += 1;
      else j += 1;
    return [...found, ...tail];
  };
  // What has to be put in place of what, block by block; null when the page must be loaded anew.
  const swaps = (old, fresh) => {
    const before = [...old.children].filter((one) => written.has(one)), after = [...fresh.children], found = [];
    const put = (out, into, next) => {
      if (![...out, ...into].every((one) => [one, ...one.querySelectorAll("*")].every(plain))) return false;
      if (out.length || into.length) found.push({ old, out, into, next });
      return true;
    };
    let [i, j] = [0, 0];
    for (const [next, then] of [...pairs(before, after), [before.length, after.length]]) {
      // Sections that kept their names are gone through; what stands between them is replaced.
      for (let k = i; k < next; k += 1) {
        const twin = holds(before[k]) ? after.slice(j, then).findIndex((one) => holds(one) && one.id === before[k].id) : -1;
        if (twin < 0) continue;
        const inner = swaps(before[k], after[j + twin]);
        if (!inner || !put(before.slice(i, k), after.slice(j, j + twin), before[k])) return null;
        found.push(...inner);
        [i, j] = [k + 1, j + twin + 1];
      }
      if (!put(before.slice(i, next), after.slice(j, then), before[next] || null)) return null;
      [i, j] = [next + 1, then + 1];
    }
    return found;
  };

  const KEPT = "oerbook-preview-place";
  const anew = () => {
    const shown = [...document.querySelectorAll(".body > section *[id], .body p, .body h1, .body h2")];
    const top = shown.find((one) => one.getBoundingClientRect().bottom > 0);
    try {
      sessionStorage.setItem(KEPT, JSON.stringify([address, scrollY, document.documentElement.scrollHeight, top ? shown.indexOf(top) : -1]));
    } catch (error) {
      // Not kept: the browser finds its place itself.
    }
    location.reload();
  };
  try {
    const [page, y] = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
    sessionStorage.removeItem(KEPT);
    if (page === address) {
      history.scrollRestoration = "manual";
      const back = () => scrollTo({ top: y, behavior: "instant" });
      addEventListener("DOMContentLoaded", back);
      addEventListener("load", () => {
        back();
        history.scrollRestoration = "auto";
      });
    }
  } catch (error) {
    // Nothing was kept.
  }

  const show = async (digest) => {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(".body");
    const found = text && fresh && around(page) === frame ? swaps(text, fresh) : null;
    if (!found) return anew();
    const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 900;
    for (const { old, out, into, next } of found) {
      for (const one of into.map((written) => written.cloneNode(true))) {
        mark(one);
        if (next) old.insertBefore(one, next);
        else old.append(one);
        one.animate?.([{ backgroundColor: "rgb(255 200 80 / 0.35)" }, { backgroundColor: "transparent" }], { duration });
      }
      for (const one of out) one.remove();
    }
    remember(text, fresh);
    seen = digest;
    dispatchEvent(new CustomEvent("oerbook:shown", { detail: digest }));
    return undefined;
  };

  // The list of problems: a line at the bottom of the window that can be expanded.
  const host = document.createElement("div");
  host.id = "oerbook-preview";
  const panel = host.attachShadow({ mode: "open" });
  panel.innerHTML = `<style>
    :host { position: fixed; inset: auto 0 0 0; z-index: 99; font: 15px/1.45 system-ui, sans-serif; color-scheme: light dark; pointer-events: none }
    @media print { :host { display: none } }
    details, p { pointer-events: auto; margin: 0 0 0 auto; width: fit-content; max-width: min(46rem, 100vw); box-sizing: border-box; background: light-dark(#fffdf8, #22211f); color: light-dark(#1f1d1a, #eceae4); border: 1px solid light-dark(#cfc8ba, #57534b); border-bottom: 0; border-right: 0; border-radius: 8px 0 0 0 }
    details[open] { width: 46rem }
    summary, p { padding: 0.7rem 1rem; cursor: pointer; min-height: 44px; box-sizing: border-box }
    p { cursor: default }
    summary:focus-visible, a:focus-visible { outline: 2px solid light-dark(#7a4a00, #f0b357); outline-offset: -2px }
    ol { list-style: none; margin: 0; padding: 0 1rem 1rem; max-height: 45vh; overflow: auto }
    li { padding: 0.55rem 0; border-top: 1px solid light-dark(#e4decf, #3d3a35); overflow-wrap: anywhere }
    .error { color: light-dark(#9a1c1c, #ff9d92) } .warning { color: light-dark(#7a4a00, #f0b357) }
    .place { font: 13px ui-monospace, monospace } .hint { display: block; color: light-dark(#57534b, #b9b4a8) }
    a { color: inherit }
  </style><details hidden><summary role="status"></summary><ol tabindex="0"></ol></details><p role="alert" hidden></p>`;
  const [box, line, list, alarm] = ["details", "summary", "ol", "p"].map((css) => panel.querySelector(css));
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const element = (tag, kind, words) => Object.assign(document.createElement(tag), { className: kind, textContent: words });
  const report = ({ findings, count: all, trouble, working }) => {
    alarm.hidden = !trouble;
    alarm.textContent = trouble ? `The last change cannot be shown: ${trouble}. The page is as it was before.` : "";
    const here = findings.filter((one) => one.here).length;
    box.hidden = !all;
    line.textContent = `${here ? `${count(here, "problem")} on this page` : "No problems on this page"}${all > here ? `, ${all - here} elsewhere` : ""}${working ? " …" : ""}`;
    list.replaceChildren(
      ...findings.map((one) => {
        const item = document.createElement("li");
        const place = element(one.href && !one.here ? "a" : "span", "place", `${one.path}${one.line ? `:${one.line}` : ""}`);
        if (place.tagName === "A") place.href = `/${one.href}`;
        item.append(element("strong", one.severity, one.severity), " ", one.message, " ", place);
        if (one.hint) item.append(element("span", "hint", one.hint));
        return item;
      }),
    );
  };

  addEventListener("DOMContentLoaded", () => document.body.append(host));
  // A page that nobody looks at does not listen: a browser has few lines to one address.
  let news = null, lost = false, looks = "", busy = Promise.resolve();
  const listen = () => {
    if (news || document.hidden) return;
    news = new EventSource(`/-oerbook/news?page=${encodeURIComponent(address)}`);
    news.addEventListener("open", () => lost && location.reload());
    news.addEventListener("error", () => {
      lost = true;
      alarm.hidden = false;
      alarm.textContent = "The preview has stopped. Start it again with oerbook serve.";
    });
    news.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      report(told);
      const before = looks;
      looks = told.looks;
      if (before && looks !== before) anew();
      else if (told.page && told.page !== seen) busy = busy.then(() => (told.page === seen ? undefined : show(told.page))).catch(anew);
    });
  };
  const leave = () => {
    news?.close();
    news = null;
  };
  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
}
