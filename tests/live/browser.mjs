// A person at a headless Chromium: opens an address, logs in as `ada` on every page that asks, and consents. Its last argument
// is the address; `cancel` before it declines where a person can, `other-login` opens the page of a login that somebody else
// began. Prints the text of the page on which it ends.
import { dirname, join } from "node:path";
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [address, manner] = process.argv.slice(2).reverse();
// The browser is unpacked beside the packages, which is its folder for temporary files.
const modules = join(dirname(fileURLToPath(import.meta.url)), "node_modules");
process.env.TMPDIR = join(dirname(realpathSync(modules)), "browser");
const { default: chromium } = await import("@sparticuz/chromium");
const { chromium: driver } = await import("playwright-core");

const target = new URL(address);
if (manner === "other-login") target.searchParams.set("state", "of-another-login");
// The browser reaches loopback alone, so it needs no sandbox, which root and containers cannot have.
const browser = await driver.launch({
  executablePath: await chromium.executablePath(),
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(target.href);
  // A page of the provider has a form; the last page, here or there, has none.
  while (await page.locator("form").count()) {
    const cancel = page.getByRole("link", { name: "Cancel" });
    for (const name of ["login", "password"]) {
      const field = page.locator(`input[name=${name}]`);
      if (await field.count()) await field.fill("ada");
    }
    const next = manner === "cancel" && (await cancel.count()) ? cancel : page.locator("[type=submit]:not([name=abort])").first();
    await Promise.all([page.waitForEvent("framenavigated"), next.click()]);
    await page.waitForLoadState();
  }
  console.log((await page.innerText("body")).trim());
} finally {
  await browser.close();
}
