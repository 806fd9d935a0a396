// A browser as a person uses it: follows redirects, keeps cookies, and fills in each form as `ada`. Its argument is the
// address to open; it ends at a page without a form.
let address = new URL(process.argv[2]);
const cookies = new Map();
let form;
for (let step = 0; step < 20; step += 1) {
  const sent = [...cookies.values()].filter((one) => one.origin === address.origin && address.pathname.startsWith(one.path));
  const response = await fetch(address, {
    method: form ? "POST" : "GET",
    body: form,
    redirect: "manual",
    headers: { accept: "text/html", cookie: sent.map((one) => one.pair).join("; ") },
  });
  for (const line of response.headers.getSetCookie()) {
    const pair = line.split(";")[0];
    const path = /;\s*path=([^;]+)/i.exec(line)?.[1] ?? "/";
    cookies.set(`${address.origin} ${path} ${pair.split("=")[0]}`, { origin: address.origin, path, pair });
  }
  const target = response.headers.get("location");
  form = undefined;
  if (target) {
    address = new URL(target, address);
    continue;
  }
  const page = await response.text();
  const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
  if (!action) {
    console.log(response.status, page.replace(/<[^>]*>/g, " ").trim().slice(0, 200));
    break;
  }
  address = new URL(action.replaceAll("&amp;", "&"), address);
  form = new URLSearchParams();
  const whole = page.slice(page.indexOf("<form"), page.indexOf("</form>"));
  for (const [input] of whole.matchAll(/<(?:input|button)[^>]*>/g)) {
    const read = (name) => new RegExp(`\\s${name}="([^"]*)"`).exec(input)?.[1];
    const name = read("name");
    if (name && name !== "abort") form.set(name, read("value") || "ada");
  }
}
