// Before the page is drawn: the reader's choice of light or dark, if there is one.
(function () {
  "use strict";
  try {
    var chosen = localStorage.getItem("oerbook-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (error) { /* a browser that keeps nothing keeps following the system */ }
})();
