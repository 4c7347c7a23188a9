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
// Pages opened as files cannot be fetched: the search lists titles then, without a passage of each page.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
