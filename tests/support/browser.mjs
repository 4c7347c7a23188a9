// One Chromium for all tests: a line comes in with a journey (a function of a page), a line goes out with what it returned,
// and with what no page may do: fail in a script, break its policy, ask another host for anything.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.argv[2]);
const puppeteer = require("puppeteer-core");
const flags = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"];
flags.push("disable-component-update", "disable-sync", "hide-scrollbars", "font-render-hinting=none");
const browser = await puppeteer.launch({ executablePath: process.argv[3], args: flags.map((flag) => `--${flag}`) });

// Faces arrive and lines move: what is clicked before a page stands still may not be what was meant.
async function still(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let same = 0, before = -1; same < 3; ) {
      await new Promise(requestAnimationFrame);
      const now = document.documentElement.scrollHeight + scrollY;
      same = now === before ? same + 1 : 0;
      before = now;
    }
  });
}

function patient(page) {
  const all = Object.fromEntries(["goto", "setViewport", "reload", "click", "tap"].map((name) => [name, page[name].bind(page)]));
  for (const name of ["goto", "setViewport", "reload"])
    page[name] = async (...given) => {
      const told = await all[name](...given);
      await still(page);
      return told;
    };
  for (const name of ["click", "tap"])
    page[name] = async (...given) => {
      await still(page);
      return all[name](...given);
    };
}

async function run({ journey, facts, width = 1280, height = 900, theme = "light", touch = false, scripts = true }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const wrong = [];
  const asked = [];
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  page.on("console", (said) => said.type() === "error" && wrong.push(`console: ${said.text()}`));
  page.on("request", (request) => asked.push(request.url()));
  await page.setViewport({ width, height, hasTouch: touch, isMobile: touch });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await page.setJavaScriptEnabled(scripts);
  page.setDefaultTimeout(60000);
  if (scripts) patient(page);
  try {
    const told = await eval(`(${journey})`)({ page, context, require, ...facts });
    return { told, wrong, asked };
  } catch (error) {
    return { failed: String(error.stack || error), wrong, asked };
  } finally {
    await context.close();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
}
await browser.close();
