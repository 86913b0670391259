// The frame around the preview: it shows a page of the site, loads it again after every build, and has the tools.
const MOMENTS = "/~preview/at/";
const byId = (id) => document.getElementById(id);
const screen = document.querySelector(".screen");
const slider = byId("moment");

let news = null; // the last data from the server
let page = null; // the iframe with the page that is shown
let at = ""; // the name of the requested moment; "" is now
let path = "index.html"; // the requested page, within the site
let wanted = null; // the address to load next
let busy = false;

// Addresses. They contain the moment, so that the links of a page keep it.

const address = () => (at ? `${MOMENTS}${at}/${path}` : `/${path}`);

// Return the moment and the page that an address of this server names; null for the frame's own files.
function parts(url) {
  if (!url.pathname.startsWith("/~preview/")) return { at: "", path: url.pathname.slice(1) };
  const [, moment, rest] = url.pathname.match(/^\/~preview\/at\/(\w+)\/(.*)$/) ?? [];
  return moment ? { at: moment, path: rest } : null;
}

const isPage = (name) => name === "" || name.endsWith("/") || name.endsWith(".html");
const file = (name) => (name === "" || name.endsWith("/") ? `${name}index.html` : name);

// Loading. The new page is loaded under the old one and replaces it when it is complete, so nothing flickers.

async function show(hash = "") {
  wanted = { url: address() + hash, name: path, hash };
  if (busy) return;
  busy = true;
  while (wanted) {
    const next = wanted;
    wanted = null;
    await load(next);
  }
  busy = false;
}

function load({ url, name, hash }) {
  return new Promise((done) => {
    const coming = document.createElement("iframe");
    coming.title = "Page of the site";
    coming.className = "coming";
    coming.inert = true;
    coming.dataset.name = name;
    coming.addEventListener("load", () => { settle(coming, hash); done(); }, { once: true });
    coming.src = url;
    screen.append(coming);
  });
}

function settle(coming, hash) {
  const before = page;
  const within = coming.contentDocument;
  if (within) {
    within.addEventListener("click", follow);
    within.querySelector(".bar.old")?.remove(); // at another moment, the page's age means nothing
    if (before?.contentDocument && before.dataset.name === coming.dataset.name && !hash) keepPlace(before, coming);
  }
  const inside = before !== null && document.activeElement === before;
  coming.classList.remove("coming");
  coming.inert = false;
  page = coming;
  before?.remove();
  if (inside) coming.contentWindow.focus();
  announce();
}

// Scroll to the same place on the page, with the same parts of it open.
function keepPlace(before, coming) {
  const old = before.contentDocument.querySelectorAll("details");
  coming.contentDocument.querySelectorAll("details").forEach((part, number) => {
    part.open = old[number]?.open ?? part.open;
  });
  const { scrollX, scrollY } = before.contentWindow;
  coming.contentWindow.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
}

// Links. Those of the site stay in the frame; all others open in another tab.

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const url = local(new URL(link.href));
  if (!/^https?:$/.test(url.protocol)) return;
  const target = url.origin === location.origin && parts(url);
  if (!target || !isPage(target.path)) {
    link.target = "_blank";
    link.rel = "noopener";
    return;
  }
  if (url.hash && target.path === path && target.at === at) return; // a place on this page
  event.preventDefault();
  go({ at: target.at, path: file(target.path) }, url.hash);
}

// Some pages link to the site by its full URL.
function local(url) {
  const root = news?.site?.url;
  if (!root || !url.href.startsWith(root)) return url;
  return new URL((at ? `${MOMENTS}${at}/` : "/") + url.href.slice(root.length), location.origin);
}

// Navigation. The frame's own address says where we are, for "back" and for loading the frame again.

function go(place, hash = "") {
  const isStep = place.path !== path; // steps between moments would make "back" too long
  ({ at, path } = place);
  history[isStep ? "pushState" : "replaceState"](null, "", `#${address()}`);
  draw();
  show(hash);
}

function arrive() {
  const url = new URL(location.hash.slice(1) || "/", location.origin);
  const place = url.origin === location.origin && parts(url);
  ({ at, path } = place && isPage(place.path) ? { at: place.at, path: file(place.path) } : { at: "", path: "index.html" });
  find();
}

// Moments.

const stops = () => news?.stops ?? [];
const stop = () => stops()[slider.value];

// Set the slider to the requested moment or, if that no longer exists, to the last one before it.
function find() {
  const now = stops().findIndex((each) => each.kind === "now");
  const last = stops().findLastIndex((each) => each.name <= at);
  const number = at && last >= 0 ? last : now;
  slider.max = Math.max(stops().length - 1, 0);
  slider.value = number;
  at = stop() && stop().kind !== "now" ? stop().name : "";
}

function move(number) {
  slider.value = number; // the slider limits it to its range
  const there = stop();
  go({ at: there.kind === "now" ? "" : there.name, path });
}

const KINDS = { before: "Before the first update:", past: "Past:", now: "Now:", future: "Future, if nobody writes more:" };

// Return what to show for a moment at which nothing happens.
function emptyMomentText(kind) {
  if (kind === "before") return "Nothing was published yet.";
  if (kind !== "now" || !news.good) return "";
  return news.drafts.length ? "statusgen build would make this without the drafts." : "statusgen build would make just this.";
}

function draw() {
  find();
  const here = stop();
  drawFindings();
  byId("time").hidden = stops().length < 2;
  byId("alone").href = address();
  if (!here) return;
  byId("kind").textContent = KINDS[here.kind];
  byId("clock").textContent = here.when;
  byId("what").textContent = here.what.join(". ") || emptyMomentText(here.kind);
  slider.setAttribute("aria-valuetext", `${KINDS[here.kind]} ${here.when}`);
  rest("earlier", Number(slider.value) === 0);
  rest("later", Number(slider.value) === stops().length - 1);
  rest("now", here.kind === "now");
}

// A button that has nothing to do must keep the focus; a disabled one would lose it.
function rest(id, isIdle) {
  byId(id).setAttribute("aria-disabled", isIdle);
}

slider.addEventListener("input", () => move(slider.value));
byId("earlier").addEventListener("click", () => move(Number(slider.value) - 1));
byId("later").addEventListener("click", () => move(Number(slider.value) + 1));
byId("now").addEventListener("click", () => move(stops().findIndex((each) => each.kind === "now")));

// Findings and drafts. Their texts may contain anything, so they are only ever inserted as text.

function list(where, items) {
  where.hidden = items.length === 0;
  where.querySelector("ol, ul").replaceChildren(...items);
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

function finding({ place, advice, what, hint, rule }) {
  const head = element("p", "place", element("span", "", advice ? "Advice" : "Mistake"), " ", element("code", "", place));
  const made = element("li", `finding ${advice ? "advice" : "mistake"}`, head, element("p", "what", what));
  if (hint) made.append(element("p", "hint", hint));
  if (rule) made.append(element("p", "rule", "Rule: ", element("code", "", rule)));
  return made;
}

function counted(number, one, many) {
  return `${number || "No"} ${number === 1 ? one : many}`;
}

// A post has a page in every language of the site; the path begins with the language.
const isHere = (each) => each.page !== "" && (path === each.page || path.endsWith(`/${each.page}`));

function drawFindings() {
  if (!news) return;
  const { findings } = news;
  const mistakes = findings.filter((each) => !each.advice).length;
  const advice = findings.length - mistakes;
  const counts = [counted(mistakes, "mistake", "mistakes")];
  if (news.good) counts.push(counted(advice, "piece of advice", "pieces of advice"));
  byId("count").textContent = `${counts.join(", ")}.`;
  list(byId("here"), findings.filter(isHere).map(finding));
  list(byId("elsewhere"), findings.filter((each) => !isHere(each)).map(finding));
  byId("elsewhere-title").hidden = byId("here").hidden;
  byId("silence").hidden = !findings.some((each) => each.advice && each.rule);
  list(byId("drafts"), (news.drafts ?? []).map(draft));
}

function draft({ title, page: name }) {
  const link = element("a", "", title);
  link.href = `/${name}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go({ at, path: name });
  });
  return element("li", "", link);
}

function drawWrong() {
  const lines = [];
  if (!news.good) {
    lines.push(news.trouble || "The site cannot be built.");
    lines.push("The published site stays as it is until this is fixed.");
    if (news.stops) lines.push("The page below is from before.");
  }
  if (byId("wrong").innerText !== lines.join("\n")) byId("wrong").replaceChildren(...lines.map((line) => element("p", "", line)));
}

// Announce the page once it is loaded.
function announce() {
  if (!page?.contentDocument) return; // the browser's own page about a server that does not answer
  const status = page.contentWindow.performance.getEntriesByType("navigation")[0]?.responseStatus;
  const missing = at ? "This page did not exist at this moment." : "This page does not exist.";
  note(news?.stops && status === 404 ? missing : "");
  const { title } = page.contentDocument;
  document.title = title ? `Preview: ${title}` : "Preview";
  const here = stop();
  byId("told").textContent = here ? `Shown: ${title}. ${KINDS[here.kind]} ${here.when}` : title;
}

function note(words) {
  byId("note").hidden = words === "";
  byId("note").textContent = words;
}

// Events. Only a visible frame listens, because browsers allow about six open connections to a server, and a seventh
// page would not load at all. When it becomes visible again, it is told at once what has changed.

let events;

function listen() {
  events?.close();
  if (document.hidden) return;
  events = new EventSource("/~preview/news");
  events.onmessage = (event) => receive(JSON.parse(event.data));
  events.onerror = () => note("The preview does not answer. Is statusgen serve still running?");
}

function receive(data) {
  const before = news;
  news = data;
  if (news.site) {
    byId("title").textContent = `: ${news.site.title}`;
    document.documentElement.style.setProperty("--accent", news.site.accent);
  }
  arrive();
  draw();
  drawWrong();
  if (before?.pages !== news.pages) show();
  else announce();
}

// A browser may remember the choice when it loads the frame again.
const widths = document.querySelectorAll("[name=width]");
const setWidth = () => document.body.classList.toggle("phone", [...widths].some((each) => each.checked && each.value === "phone"));
for (const choice of widths) choice.addEventListener("change", setWidth);
setWidth();
addEventListener("popstate", () => {
  arrive();
  draw();
  show();
});
document.addEventListener("visibilitychange", listen);
listen();
