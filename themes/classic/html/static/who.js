// Who wrote this: the passages are loaded when somebody asks, and colored by author. They come as a script beside the
// page that names them (`oerbookWho = …`), because a page that is opened from a folder may fetch nothing.
"use strict";
{
  // Only the file beside the page: the address of a script is never taken from elsewhere.
  const asked = /^[^/\\:?#]+\.who\.js$/.test(document.body.dataset.who) && document.body.dataset.who;
  const button = document.querySelector(".who-switch");
  if (asked && button) {
    const text = document.querySelector(".body");
    const legend = document.createElement("ul");
    legend.className = "who-legend";
    legend.hidden = true;
    // One passage answers when it is reached by key or finger: who, when, in which commit.
    const answer = document.createElement("p");
    answer.className = "who-answer";
    answer.setAttribute("role", "status");
    answer.hidden = true;
    let ready = null, repository = "";
    const say = ([people, day, commit]) => {
      const date = day && new Date(day).toLocaleDateString(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
      const step = document.createElement(repository ? "a" : "span");
      step.textContent = commit;
      if (repository) step.href = `${repository.replace(/\/+$/, "")}${/gitlab/.test(repository) ? "/-" : ""}/commit/${commit}`;
      answer.replaceChildren([people, date].filter(Boolean).join(" · "), " · ", step);
      answer.hidden = false;
    };
    text.addEventListener("focusin", (event) => event.target.answer && say(event.target.answer));
    const passages = (on) => text.querySelectorAll(".who").forEach((one) => one.answer && (on ? (one.tabIndex = 0) : one.removeAttribute("tabindex")));
    const load = () =>
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = asked;
        script.addEventListener("load", () => resolve(globalThis.oerbookWho));
        script.addEventListener("error", reject);
        document.head.append(script);
      });
    const color = async () => {
      const data = await load();
      const queue = data.runs.flatMap(([people, commit, words]) =>
        words.split(" ").map((word) => ({ word: word.toLowerCase(), people, commit })),
      );
      repository = data.repository || "";
      const order = [...new Set(data.runs.flatMap(([people]) => people))];
      const name = (people) => people.map((one) => data.people[one] || one).join(", ") || "nobody";
      const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, {
        acceptNode: (node) =>
          node.parentElement.closest("pre, math, script, button, .who-legend, .byline, .reading-time, .headerlink")
            ? NodeFilter.FILTER_REJECT
            : NodeFilter.FILTER_ACCEPT,
      });
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      // Word by word through the page. Where one side has words that the other has not (a number, a label, a passage for
      // print), the next words must agree too, before some are passed over: the more are passed over, the more must agree.
      const lines = nodes.map((node) => ({ node, spoken: [...node.data.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’_][\p{L}\p{N}\p{M}]+)*/gu)] }));
      const all = lines.flatMap((line) => line.spoken);
      const same = (place, next) => all[place]?.[0].toLowerCase() === queue[next]?.word;
      const agree = (place, next, count) => count < 1 || (same(place, next) && agree(place + 1, next + 1, count - 1));
      let at = 0, missed = 0;
      all.forEach((match, place) => {
        const end = Math.min(missed > 8 ? queue.length : at + 40, queue.length);
        let next = at;
        while (next < end && !agree(place, next, next < at + 2 ? 1 : next < at + 40 ? 2 : 4)) next += 1;
        missed = next < end ? 0 : missed + 1;
        if (next < end) [match.found, at] = [queue[next], next + 1];
      });
      for (const { node, spoken } of lines) {
        const pieces = document.createDocumentFragment();
        let last = 0, open = null, who = null;
        for (const match of spoken.filter((one) => one.found)) {
          const { found } = match, key = found.commit + found.people;
          if (key !== who) {
            pieces.append(node.data.slice(last, match.index));
            open = document.createElement("span");
            open.className = `who who-${found.people.length ? order.indexOf(found.people[0]) % 8 : "none"}`;
            open.names = found.people.map((one) => data.people[one] || one);
            open.answer = [name(found.people), data.days?.[found.commit], found.commit];
            pieces.append(open);
            who = key;
          } else {
            open.append(node.data.slice(last, match.index));
          }
          open.append(match[0]);
          last = match.index + match[0].length;
        }
        if (who) {
          pieces.append(node.data.slice(last));
          node.replaceWith(pieces);
        }
      }
      order.forEach((one, place) => {
        const item = document.createElement("li");
        item.className = `who who-${place % 8}`;
        item.textContent = data.people[one] || one;
        legend.append(item);
      });
    };
    // The authors of a range, by name. Coloring replaces its nodes, so its place is kept as a number of characters.
    globalThis.oerbookAuthorsOf = async (range) => {
      const offset = (node, place) => {
        const before = document.createRange();
        before.selectNodeContents(text);
        before.setEnd(node, place);
        return before.toString().length;
      };
      const [from, to] = [offset(range.startContainer, range.startOffset), offset(range.endContainer, range.endOffset)];
      ready = ready || color();
      await ready;
      const names = new Map();
      let at = 0;
      const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const found = walker.currentNode.parentElement.closest(".who");
        const shared = Math.min(to, at + walker.currentNode.length) - Math.max(from, at);
        if (found?.names && shared > 0) found.names.forEach((name) => names.set(name, (names.get(name) || 0) + shared));
        at += walker.currentNode.length;
      }
      return [...names].sort(([, one], [, other]) => other - one).map(([name]) => name);
    };
    button.addEventListener("click", async () => {
      ready = ready || color();
      try {
        await ready;
      } catch (error) {
        button.disabled = true; // The passages are not there: nothing can be shown.
        return;
      }
      const on = text.classList.toggle("who-shown");
      button.setAttribute("aria-pressed", String(on));
      legend.hidden = !on;
      answer.hidden = true;
      passages(on);
    });
    button.parentElement.after(legend);
    button.textContent = button.dataset.label;
    button.hidden = false;
    document.body.append(answer);
    addEventListener("keydown", (event) => event.key === "Escape" && (answer.hidden = true));
  }
}
