// Comfort for readers who have JavaScript; the book reads without it.
(function () {
  "use strict";
  var root = document.documentElement;
  var button = document.querySelector(".theme-switch");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var dark = root.dataset.theme === "dark" ||
        (root.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("oerbook-theme", root.dataset.theme); } catch (error) { /* not kept */ }
    });
  }
  // On a wide screen the contents stand open beside the text.
  var fold = document.querySelector(".fold");
  if (fold && matchMedia("(min-width: 64rem)").matches) fold.open = true;
  // Code can be copied.
  document.querySelectorAll("div.highlight").forEach(function (block) {
    if (!navigator.clipboard) return;
    var copy = document.createElement("button");
    copy.type = "button"; copy.className = "copy"; copy.textContent = "Copy";
    copy.addEventListener("click", function () {
      navigator.clipboard.writeText(block.querySelector("pre").innerText).then(function () {
        copy.textContent = "Copied"; setTimeout(function () { copy.textContent = "Copy"; }, 1500);
      });
    });
    block.appendChild(copy);
  });
  // What is too wide scrolls in its own place, and can be reached by keyboard.
  document.querySelectorAll("div.highlight pre, .scroll").forEach(function (box) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  });
})();
