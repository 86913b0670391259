// What the desk does as someone types: it keeps each change, and renews what stands beside the form. Everything works
// without it, by buttons.

const form = document.getElementById("draft");
const PAUSE = 300, AT_THE_LATEST = 500; // milliseconds
// What a browser sends of a page that is closed has at most 64 kB (Fetch standard, section 4.6); a letter, three bytes.
const MAX_LAST_LETTERS = 20000;

document.querySelector("[data-focus]")?.focus();
if (form) keepForm(form);
setInterval(renewState, 15000);
setTimeout(renewState, 2000);

function keepForm(form) {
  const kept = document.getElementById("kept");
  let sent = readAnswers(form), waiting = null, firstChange = 0, running = Promise.resolve(), lastKept = "";
  let isRenewing = false, isStale = false;

  function later() {
    const now = performance.now();
    firstChange ||= now;
    form.dataset.changed = "";
    clearTimeout(waiting);
    waiting = setTimeout(keep, Math.max(0, Math.min(PAUSE, firstChange + AT_THE_LATEST - now)));
  }

  function keep() {
    clearTimeout(waiting);
    firstChange = 0;
    running = running.then(send);
    return running;
  }

  async function send() {
    const answers = readAnswers(form);
    const names = new Set([...Object.keys(answers), ...Object.keys(sent)]);
    const changed = [...names].filter((name) => JSON.stringify(answers[name]) !== JSON.stringify(sent[name]));
    if (!changed.length) return void renew(); // nothing that is typed next waits for that
    const body = JSON.stringify({ answers: Object.fromEntries(changed.map((name) => [name, answers[name] ?? []])) });
    try {
      const answer = await fetch(form.dataset.keys, {
        method: "POST",
        keepalive: body.length < MAX_LAST_LETTERS,
        headers: { "Content-Type": "application/json", "X-Form-Token": form.dataset.token },
        body,
      });
      if (!answer.ok) throw new Error(answer.status);
      sent = answers;
      lastKept = (await answer.json()).kept;
      kept.classList.remove("bad");
      kept.textContent = form.dataset.kept.replace("%s", lastKept);
      renew();
    } catch {
      kept.textContent = form.dataset.notKept.replace("%s", lastKept);
      kept.classList.add("bad");
      setTimeout(keep, 2000);
    }
  }

  // What the page would be takes longer than keeping what was typed, so only the newest is asked for.
  async function renew() {
    if (isRenewing) return void (isStale = true);
    isRenewing = true;
    do {
      isStale = false;
      try {
        const answer = await fetch(form.dataset.outcome);
        if (answer.ok) show(await answer.json());
      } catch {
        // the desk was closed: the foot of the form says so
      }
    } while (isStale);
    isRenewing = false;
    if (JSON.stringify(sent) === JSON.stringify(readAnswers(form))) delete form.dataset.changed;
  }

  function show(state) {
    showMessages(state.editions);
    showMarks(state.marks);
    showFindings(state.findings);
    showOpen(state.open);
    showPage(state.revision, state.editions);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", keep);
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("[value=look]").click();
  });
  for (const button of form.querySelectorAll("[data-keys][data-status]")) button.addEventListener("click", setSeveral);
  document.getElementById("find")?.addEventListener("input", filterServices);

  function setSeveral(event) {
    event.preventDefault();
    const { keys, status } = event.currentTarget.dataset;
    const fields = keys.split(" ").map((key) => document.getElementById(`status/${key}`));
    const isSet = fields.every((field) => field.value === status);
    for (const field of fields) field.value = isSet ? "" : status;
    event.currentTarget.setAttribute("aria-pressed", String(!isSet));
    keep();
  }
}

// What is known of the network and of what residents see, while someone looks.
async function renewState() {
  const net = document.getElementById("net");
  if (document.hidden || !net) return;
  try {
    const state = await (await fetch(net.dataset.state)).json();
    if (net.textContent !== state.words) net.textContent = state.words;
    net.classList.toggle("off", state.is_off);
  } catch {
    // the desk was closed; the form says so where something is to be kept
  }
}

// The fields that say something, by name.
function readAnswers(form) {
  const answers = {};
  for (const [name, value] of new FormData(form)) {
    if (name !== "form-token" && typeof value === "string" && value.trim()) (answers[name] ??= []).push(value);
  }
  return answers;
}

function showFindings(findings) {
  document.getElementById("clear").hidden = findings.length > 0;
  document.getElementById("finds").replaceChildren(
    ...findings.map((finding) => {
      const item = document.createElement("li");
      if (finding.must) item.className = "must";
      const words = finding.field ? document.createElement("a") : document.createElement("span");
      words.textContent = finding.words;
      if (finding.field) words.href = `#${finding.field}`;
      item.append(words);
      return item;
    }),
  );
}

// What only the person can know, and has not said yet, of a prepared text.
function showOpen(names) {
  for (const each of document.querySelectorAll("[data-open]")) each.hidden = !names.includes(each.dataset.open);
  const lead = document.getElementById("prepared-open");
  if (lead) lead.hidden = !names.length;
}

function make(name, words, attributes = {}) {
  const element = document.createElement(name);
  element.textContent = words;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// What residents get in one message, in each language.
function showMessages(editions) {
  document.getElementById("messages").replaceChildren(
    ...editions.flatMap(({ language, name, message, length }) => [
      ...(editions.length > 1 ? [make("p", name, { class: "soft small", lang: language })] : []),
      make("p", message, { class: "sms", lang: language }),
      make("p", length, { class: "soft small" }),
    ]),
  );
}

// How each field stands in the other languages.
function showMarks(marks) {
  for (const place of document.querySelectorAll("[data-mark]")) {
    const mark = marks[place.dataset.mark];
    place.textContent = mark?.words ?? "";
    const same = document.querySelector(`[data-same="${CSS.escape(place.dataset.mark)}"]`);
    same.hidden = !mark?.same;
    const box = same.querySelector("input");
    if (mark?.same && box.value !== mark.same) [box.value, box.checked] = [mark.same, false];
  }
}

// Which page was chosen last, by its place on the list: its address changes with the headline that is being typed.
let chosen = 0;
document.getElementById("views")?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  const links = [...document.querySelectorAll("#views a")];
  chosen = links.indexOf(link);
  for (const each of links) each === link ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current");
});

function showPage(revision, editions) {
  const frame = document.getElementById("page");
  const address = `${frame.dataset.pages}${revision}/`;
  document.getElementById("no-page").hidden = Boolean(revision);
  if (!revision || frame.dataset.revision === revision) return;
  frame.dataset.revision = revision;
  const places = editions.flatMap(({ front, post }) => [front, post]);
  const chosenPage = places[chosen] ?? places[0] ?? "";
  frame.src = address + chosenPage;
  document.getElementById("views").replaceChildren(
    ...editions.map(({ language, name, front, post }) => {
      const row = document.createElement("p");
      row.append(make("span", name, { lang: language }));
      for (const [page, words] of [[front, frame.dataset.front], [post, frame.dataset.post]]) {
        const link = make("a", words, { href: address + page, target: "page", "data-page": page });
        link.append(make("span", `, ${name}`, { class: "hidden" }));
        if (page === chosenPage) link.setAttribute("aria-current", "true");
        row.append(" ", link);
      }
      return row;
    }),
  );
}

function filterServices(event) {
  const wanted = event.target.value.trim().toLowerCase();
  if (wanted) document.getElementById("others-list")?.setAttribute("open", "");
  for (const row of document.querySelectorAll("[data-words]")) row.hidden = !row.dataset.words.includes(wanted);
}

// A field inside something folded is unfolded before it is gone to.
addEventListener("hashchange", openTarget);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("a[href^='#']")) setTimeout(openTarget);
});
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let each = target; each; each = each.parentElement) if (each.localName === "details") each.open = true;
  target?.focus();
}
