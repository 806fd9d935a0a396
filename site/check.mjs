// Looks at every page of the site as a reader does, in a headless Chromium, and fails with all that it found:
// links and anchors that lead nowhere, errors of the console, requests to anywhere else, what axe-core finds (contrast, names,
// landmarks), text that is wider than a phone, recordings in the wrong colours, and what the keyboard does not reach.
//
//   node site/check.mjs NODE_MODULES BOOK [--pictures FOLDER]
//
// CHROME_PATH names another browser than that of the package.
import { mkdir, readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";

const [modules, book, , pictures] = process.argv.slice(2);
const require = createRequire(resolve(modules, "package.json"));
const packages = { axe: "axe-core/axe.min.js" };
const { chromium } = require("playwright-core");

// The folder of the site on its host, as book.toml has it.
const PREFIX = process.env.MDBOOK_OUTPUT__HTML__SITE_URL ?? "/keywright/";
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png" };
const WIDTHS = { phone: 360, desk: 1280 };
const SCHEMES = ["light", "dark"];
const THEMES = { light: "light", dark: "navy" };
// The backgrounds of the recordings.
const BACKGROUNDS = { light: "255,255,255", dark: "13,17,23" };
// The smallest letters of a recording, in pixels; they are drawn with 14.
const LETTERS = 10;

const faults = new Set();
const fault = (where, what) => faults.add(`${where}: ${what}`);

async function serve() {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://site").pathname);
    const name = path.startsWith(PREFIX) ? path.slice(PREFIX.length) || "index.html" : "";
    const inside = name && !name.split("/").includes("..");
    const found = inside && (await readFile(join(book, name)).catch(() => undefined));
    response.writeHead(found ? 200 : 404, { "content-type": found ? (TYPES[extname(name)] ?? "application/octet-stream") : "text/html" });
    response.end(found || (await readFile(join(book, "404.html"))));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

async function launch() {
  // The browser shows pages of this repository alone, so it needs no sandbox, which containers often forbid.
  const args = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"];
  const own = process.env.CHROME_PATH;
  const path = own || (await (await import(require.resolve("@sparticuz/chromium"))).default.executablePath());
  return chromium.launch({ executablePath: path, args });
}

/** A page of its own context, whose errors are faults; `expected` are addresses that may answer 404. */
async function open(browser, origin, options, expected = []) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  await context.route(
    (url) => url.origin !== origin,
    (route) => {
      fault(where(), `a request to ${route.request().url()}`);
      return route.abort();
    },
  );
  const page = await context.newPage();
  const where = () => `${page.url().replace(origin + PREFIX, "")} (${options.viewport.width} px)`;
  page.on("console", (message) => {
    const about = message.location().url;
    if (["error", "warning"].includes(message.type()) && !expected.includes(about)) fault(where(), `console: ${message.text()} ${about}`);
  });
  page.on("pageerror", (error) => fault(where(), `an error of a script: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure().errorText;
    // What was still on its way when the next page was opened.
    if (reason !== "net::ERR_ABORTED") fault(where(), `${reason}: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !expected.includes(response.url())) fault(where(), `${response.status()} for ${response.url()}`);
  });
  return { context, page, where };
}

/** What a page links to, and what can be linked to in it. */
function linksAndAnchors() {
  const addresses = (selector, name) => [...document.querySelectorAll(selector)].map((one) => one.getAttribute(name) && one[name]);
  const sources = [...document.querySelectorAll("source[srcset]")].map((one) => new URL(one.srcset.split("#")[0], document.baseURI).href);
  return {
    links: [...addresses("a[href]", "href"), ...addresses("img[src], script[src], iframe[src]", "src"), ...addresses("link[href]", "href"), ...sources],
    anchors: [...document.querySelectorAll("[id]")].map((one) => one.id),
  };
}

async function checkLinks(page, origin, names) {
  const pages = new Map();
  for (const name of names) {
    await page.goto(origin + PREFIX + name);
    pages.set(name, await page.evaluate(linksAndAnchors));
  }
  const files = new Set(await readdir(book, { recursive: true }));
  let inner = 0;
  for (const [from, { links }] of pages) {
    // The heading of mdBook's own page leads to the start.
    if (from === "404.html") continue;
    for (const link of new Set(links)) {
      const url = new URL(link);
      if (url.origin !== origin) {
        if (url.protocol !== "https:") fault(from, `a link that is not HTTPS: ${link}`);
        continue;
      }
      inner += 1;
      const name = url.pathname.slice(PREFIX.length) || "index.html";
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (!url.pathname.startsWith(PREFIX) || !files.has(name)) fault(from, `a link to nothing: ${link}`);
      else if (anchor && !pages.get(name)?.anchors.includes(anchor)) fault(from, `a link to no heading: ${link}`);
    }
  }
  return inner;
}

/** The color of a recording near its upper left corner, as it is on the screen. */
async function background(page, image) {
  const picture = (await image.screenshot()).toString("base64");
  return page.evaluate(async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    return [...canvas.getImageData(12, 6, 1, 1).data.slice(0, 3)].join();
  }, picture);
}

async function checkRecordings(page, where, width, scheme) {
  for (const image of await page.locator("main img.screen").all()) {
    await image.scrollIntoViewIfNeeded();
    const shown = await image.evaluate(async (one) => {
      await one.decode();
      return { source: one.currentSrc, letters: (one.clientWidth / one.naturalWidth) * 14, text: one.alt };
    });
    if (shown.source.includes("/narrow/") !== (width === WIDTHS.phone)) fault(where(), `the wrong recording: ${shown.source}`);
    if (shown.letters < LETTERS) fault(where(), `letters of ${shown.letters.toFixed(1)} px in ${shown.source}`);
    if (!shown.source.endsWith("#still")) fault(where(), `${shown.source} moves for readers who prefer rest`);
    if (!shown.text) fault(where(), `no text for ${shown.source}`);
    const color = await background(page, image);
    if (color !== BACKGROUNDS[scheme]) fault(where(), `${shown.source} on ${color}, in the ${scheme} theme`);
  }
}

async function checkPage(page, where, width, scheme, axe) {
  const wide = await page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth > edge) return "the page";
    // What is wider than its room has to scroll by itself, and to be reached with Tab.
    const hidden = [...document.querySelectorAll("#mdbook-content, #mdbook-content *")].find((one) => {
      const style = getComputedStyle(one);
      if (one.scrollWidth <= one.clientWidth + 1 || one.clientWidth === 0 || style.display === "inline") return false;
      return !(["auto", "scroll"].includes(style.overflowX) && one.tabIndex === 0);
    });
    return hidden && `${hidden.localName}.${hidden.className} "${hidden.textContent.trim().slice(0, 40)}"`;
  });
  if (wide) fault(where(), `wider than its room: ${wide}`);
  const theme = await page.evaluate(() => document.documentElement.className);
  if (!theme.split(" ").includes(THEMES[scheme])) fault(where(), `theme ${theme} instead of ${scheme}`);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, nodes } of found.violations) {
    for (const node of nodes.slice(0, 3)) fault(where(), `${id} (${scheme}): ${node.target.join(" ")}: ${node.failureSummary.split("\n")[1].trim()}`);
  }
}

/** The element with the focus: its name, and whether a reader sees that it has it. */
function focused() {
  const one = document.activeElement;
  if (!one || one === document.body) return undefined;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const inWindow = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.left < innerWidth && box.top < innerHeight;
  return {
    name: one.id || `${one.localName} "${one.textContent.trim().slice(0, 30)}"`,
    isSeen: inWindow && style.visibility === "visible" && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isHidden: Boolean(one.closest("[aria-hidden=true], [inert]")),
    isSidebar: Boolean(one.closest("#mdbook-sidebar")),
  };
}

async function checkKeyboard(browser, origin, width) {
  const { context, page, where } = await open(browser, origin, { viewport: { width, height: 800 } });
  const expect = (is, what) => is || fault(`${where()} keyboard`, what);
  await page.goto(origin + PREFIX);
  const stops = [];
  for (let count = 0; count < 400; count += 1) {
    await page.keyboard.press("Tab");
    // The scrolling that follows the focus.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const stop = await page.evaluate(focused);
    if (!stop || (stops.length > 0 && stop.name === stops[0].name)) break;
    expect(stop.isSeen && !stop.isHidden, `the focus on ${stop.name} is not visible`);
    stops.push(stop);
  }
  const names = stops.map((stop) => stop.name);
  expect(names[0]?.includes("Skip to the text"), `the first stop is ${names[0]}`);
  for (const name of ["menu", "mdbook-theme-toggle", "mdbook-search-toggle"]) {
    expect(names.includes(name), `Tab does not reach ${name}`);
  }
  const links = await page.evaluate(() => document.querySelectorAll("main a").length);
  expect(names.length > links, `Tab stops ${names.length} times at ${links} links`);
  expect(stops.some((stop) => stop.isSidebar) === (width === WIDTHS.desk), "the table of contents is reached while closed, or not while open");

  // The menu opens and closes.
  const isOpen = () => page.evaluate(() => document.documentElement.classList.contains("sidebar-visible"));
  const before = await isOpen();
  for (const [key, after] of [["Enter", !before], ["Space", before], ["Enter", !before]]) {
    await page.locator("#menu").focus();
    await page.keyboard.press(key);
    expect((await isOpen()) === after, `${key} does not switch the menu`);
    expect((await page.getAttribute("#menu", "aria-expanded")) === String(after), `aria-expanded is not ${after}`);
  }
  if (width === WIDTHS.phone) {
    const isShown = page.waitForFunction(() => document.querySelector("#mdbook-sidebar").getBoundingClientRect().left === 0);
    expect(await isShown.catch(() => false), "the contents do not open");
    const stop = await page.evaluate(focused);
    expect(stop?.isSidebar && stop.isSeen && !stop.isHidden, "the open contents have no focus");
    await page.keyboard.press("Escape");
    expect(!(await isOpen()) && (await page.evaluate(focused))?.name === "menu", "Escape does not close the contents");
  }

  // The theme is chosen with the arrows, and the recordings follow it, whatever the system prefers.
  await page.locator("#mdbook-theme-toggle").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.documentElement.classList.contains("navy")), "the dark theme is not chosen");
  await page.goto(origin + PREFIX);
  await checkRecordings(page, where, width, "dark");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.evaluate(() => localStorage.setItem("mdbook-theme", "light"));
  await page.goto(origin + PREFIX);
  await checkRecordings(page, where, width, "light");

  // The search finds, and leads there.
  await page.locator("#mdbook-search-toggle").focus();
  await page.keyboard.press("Enter");
  expect((await page.evaluate(focused))?.name === "mdbook-searchbar", "the search has no focus");
  await page.keyboard.type("grace period");
  await page.locator("#mdbook-searchresults a").first().waitFor();
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth > document.documentElement.clientWidth);
  expect(!wide, "the results are wider than the window");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/rotation\.html/);
  expect(await page.locator("mark").first().isVisible(), "the found words are not marked");
  await context.close();
}

/** Without scripts there are the pages and the table of contents. */
async function checkWithoutScripts(browser, origin) {
  const { context, page, where } = await open(browser, origin, { viewport: { width: WIDTHS.desk, height: 800 }, javaScriptEnabled: false });
  await page.goto(origin + PREFIX);
  if (!(await page.locator("main h1").isVisible())) fault(where(), "nothing is shown without scripts");
  const contents = page.frameLocator("iframe").locator("a");
  if ((await contents.count()) < 10) fault(where(), "no table of contents without scripts");
  await context.close();
}

async function checkNotFound(browser, origin) {
  const address = `${origin}${PREFIX}no/such/page`;
  const { context, page, where } = await open(browser, origin, { viewport: { width: WIDTHS.desk, height: 800 } }, [address]);
  await page.goto(address);
  const color = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--links"));
  if (!color) fault(where(), "the page for a wrong address has no style");
  await context.close();
}

const server = await serve();
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launch();
const names = (await readdir(book)).filter((name) => name.endsWith(".html")).sort();
const pages = names.filter((name) => !["toc.html", "404.html"].includes(name));
const axe = await readFile(require.resolve(packages.axe), "utf8");
if (pictures) await mkdir(pictures, { recursive: true });

let links = 0;
for (const width of Object.values(WIDTHS)) {
  for (const scheme of SCHEMES) {
    const { context, page, where } = await open(browser, origin, { viewport: { width, height: 800 }, colorScheme: scheme });
    if (links === 0) links = await checkLinks(page, origin, names);
    for (const name of pages) {
      await page.goto(origin + PREFIX + name);
      await checkPage(page, where, width, scheme, axe);
      await checkRecordings(page, where, width, scheme);
      if (!pictures) continue;
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(pictures, `${name.replace(".html", "")}-${width}-${scheme}.png`), fullPage: true });
    }
    await context.close();
  }
  await checkKeyboard(browser, origin, width);
}
await checkWithoutScripts(browser, origin);
await checkNotFound(browser, origin);
await browser.close();
server.close();

if (links < 200 || pages.length < 14) fault("site", `only ${links} links and ${pages.length} pages were looked at`);
for (const one of faults) console.error(one);
console.log(`${pages.length} pages, ${links} links, ${faults.size} faults`);
process.exit(faults.size === 0 ? 0 : 1);
