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
// loads, so that no file that an author offers can be one. They run in this order, when the whole page is there.
const starter = document.currentScript;
document.addEventListener("DOMContentLoaded", () => {
  const root = document.documentElement.dataset.content_root;
  for (const name of starter.dataset.scripts.split(" ").filter((one) => /^(_static\/[\w.-]+|searchindex)\.js(\?v=\w+)?$/.test(one))) {
    const script = document.createElement("script");
    script.src = root + name;
    script.async = false;
    // The tabs of sphinx-design wait for a page that is there already.
    if (name.includes("design-tabs")) script.addEventListener("load", () => ready());
    document.head.append(script);
  }
});
