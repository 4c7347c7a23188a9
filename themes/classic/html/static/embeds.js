// Pages of other sites: nothing is asked of a site until the reader presses the button that its poster becomes here. Without
// scripts, the poster is a link to the site.
"use strict";
{
  const RIGHTS = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation";
  const frame = (box, address) => {
    const made = document.createElement("iframe");
    made.title = box.dataset.title;
    // A page of this very site must not reach the book around it.
    made.setAttribute("sandbox", address.origin === location.origin ? RIGHTS : `${RIGHTS} allow-same-origin`);
    made.setAttribute("allow", "fullscreen; encrypted-media; picture-in-picture; autoplay");
    made.referrerPolicy = box.dataset.referrer ? "strict-origin-when-cross-origin" : "no-referrer";
    made.src = address.href;
    return made;
  };
  document.querySelectorAll(".body .embed[data-player]").forEach((box) => {
    const stage = box.querySelector(".stage");
    const link = box.querySelector("a.poster");
    let address;
    try {
      address = new URL(box.dataset.player);
    } catch (error) {
      return;
    }
    // A player that must know the site around it plays in no file on a disk: there the link stays.
    if (!stage || !link || address.protocol !== "https:" || (box.dataset.referrer && !location.protocol.startsWith("http"))) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "poster";
    button.append(...link.childNodes);
    const words = button.querySelector(".poster-words");
    const says = (name, text) => {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      return part;
    };
    words.prepend(says("poster-action", box.dataset.label));
    words.append(says("poster-contacts", box.dataset.contacts));
    link.replaceWith(button);
    button.addEventListener("click", () => {
      const made = frame(box, address);
      stage.classList.add("loaded");
      button.replaceWith(made);
      made.focus();
    });
  });
}
