// Reading helps: a link to each paragraph, pictures that grow, the place where one stopped.
"use strict";
{
  const keep = {
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch (error) {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch (error) {
        // Not kept: nothing is lost but the place.
      }
    },
  };

  // Paragraphs are called by their words, so that a link outlives a paragraph put in before.
  const called = (words) => {
    let sum = 5381;
    for (const sign of words.replace(/\s+/g, " ").trim()) sum = ((sum * 33) ^ sign.codePointAt(0)) >>> 0;
    return `p-${sum.toString(36)}`;
  };
  const paragraphs = [...document.querySelectorAll(".kind-chapter .body section > p:not(.byline, .rubric)")];
  paragraphs.forEach((paragraph) => {
    const name = called(paragraph.textContent);
    if (!paragraph.id && !document.getElementById(name)) paragraph.id = name;
    const link = document.createElement("a");
    link.className = "para";
    link.href = `#${paragraph.id || name}`;
    link.tabIndex = -1;
    link.setAttribute("aria-hidden", "true");
    paragraph.append(link);
  });
  if (location.hash.startsWith("#p-")) document.getElementById(location.hash.slice(1))?.scrollIntoView();

  // What a search has found is marked by Sphinx a moment after the page is there: the first mark comes into view, as soon as
  // the faces are there and no line moves any more.
  // A mark ends where its word ends.
  const whole = (mark) => {
    const after = mark.nextSibling;
    const rest = after?.nodeType === Node.TEXT_NODE ? /^[\p{L}\p{N}]+/u.exec(after.data) : null;
    if (!rest) return;
    mark.append(rest[0]);
    mark.normalize();
    after.data = after.data.slice(rest[0].length);
  };
  const hit = (turns) => {
    const marks = document.querySelectorAll(".body .highlighted");
    marks.forEach(whole);
    if (marks.length && !location.hash) document.fonts.ready.then(() => marks[0].scrollIntoView({ block: "center" }));
    else if (!marks.length && turns) setTimeout(hit, 60, turns - 1);
  };
  addEventListener("load", () => setTimeout(hit, 60, 20));

  // The place: kept while reading, offered on the title page.
  const book = document.querySelector(".book-name")?.href.replace(/(index\.html)?(#.*)?$/, "");
  const chapter = document.querySelector(".kind-chapter .body h1");
  if (chapter && book) {
    let waiting = 0;
    addEventListener("scroll", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const at = paragraphs.find((paragraph) => paragraph.getBoundingClientRect().bottom > 0);
        const title = chapter.cloneNode(true);
        title.querySelectorAll(".headerlink, .section-number").forEach((part) => part.remove());
        keep.set(`oerbook-place ${book}`, { href: location.href.split("#")[0], at: at?.id || "", title: title.textContent.trim() });
      }, 400);
    }, { passive: true });
  }
  const resume = document.querySelector(".resume");
  const place = resume && keep.get(`oerbook-place ${book}`);
  if (place?.href?.startsWith(book)) {
    const link = resume.querySelector("a");
    link.href = place.href + (place.at ? `#${place.at}` : "");
    link.append(place.title);
    resume.hidden = false;
  }

  // Pictures that are larger than their place can be seen whole.
  const labels = document.body.dataset;
  const larger = (image) => image.complete && image.naturalWidth && (image.naturalWidth > image.clientWidth * 1.15 || /\.svg($|\?)/.test(image.src));
  const show = (image) => {
    const sheet = document.createElement("dialog");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.textContent = labels.close || "Close";
    const copy = image.cloneNode();
    copy.removeAttribute("style");
    copy.removeAttribute("width");
    copy.removeAttribute("height");
    sheet.className = "sheet";
    sheet.setAttribute("aria-label", labels.zoom || "Picture");
    sheet.append(close, copy);
    sheet.addEventListener("click", () => sheet.close());
    sheet.addEventListener("close", () => sheet.remove());
    document.body.append(sheet);
    sheet.showModal();
  };
  const grow = (image) => {
    if (image.closest("a") || !larger(image)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "zoom";
    button.setAttribute("aria-label", labels.zoom || "Enlarge the picture");
    button.addEventListener("click", () => show(image));
    const frame = document.createElement("span");
    frame.className = "zoomable";
    const wide = image.clientWidth;
    image.replaceWith(frame);
    frame.append(image, button);
    // A share of the page, or a drawing without a size of its own, would be a share of a frame that fits it.
    if (Math.abs(image.clientWidth - wide) > 1) [frame.style.width, image.style.width] = [image.style.width || "100%", "100%"];
  };
  document.querySelectorAll(".body figure img").forEach((image) => {
    if (image.complete) grow(image);
    else image.addEventListener("load", () => grow(image), { once: true });
  });
}
