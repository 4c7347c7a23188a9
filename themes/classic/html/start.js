// Before the page is drawn: the reader's choice of light or dark, if there is one.
const night = {
  get: () => document.documentElement.dataset.theme,
  set(theme) {
    document.documentElement.dataset.theme = theme;
    const code = document.getElementById("pygments_dark_css");
    if (code) code.media = { dark: "all", light: "not all" }[theme] || "(prefers-color-scheme: dark)";
  },
};
try {
  const chosen = localStorage.getItem("oerbook-theme");
  if (chosen === "light" || chosen === "dark") night.set(chosen);
} catch (error) {
  // A browser that keeps nothing goes on following the system.
}
// All other scripts are loaded here, from _static/ alone: the policy of the pages runs no script but this one and what it
// loads, so that no file that an author offers can be one. They run in order, when the page
// is there; asked for earlier, they would only delay the face of the text.
{
  const root = document.documentElement.dataset.content_root;
  const named = document.currentScript.dataset.scripts.split(/\s+/);
  const files = named.filter((name) => /^(_static\/[\w.-]+|searchindex)\.js$/.test(name)).map((name) => root + name);
  const run = () => {
    // The scripts of Sphinx and its extensions wait for a page that is there already: it arrives for them when all are there.
    Object.defineProperty(document, "readyState", { configurable: true, value: "loading" });
    let missing = files.length;
    const arrived = () => {
      missing -= 1;
      if (missing) return;
      delete document.readyState;
      document.dispatchEvent(new Event("DOMContentLoaded", { bubbles: true }));
    };
    for (const src of files) {
      const script = Object.assign(document.createElement("script"), { src, async: false });
      for (const end of ["load", "error"]) script.addEventListener(end, arrived);
      document.head.append(script);
    }
  };
  document.addEventListener("DOMContentLoaded", run, { once: true });
}
