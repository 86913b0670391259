// What script adds; everything is on the page without it.
(() => {
  "use strict";
  const language = document.documentElement.lang;

  // A field that filters the list of services as one types, and says how many are left.
  const find = document.querySelector(".find");
  if (find) {
    const details = find.querySelector("details");
    const rows = [...find.querySelectorAll("li")].map((row) => [row, plain(row.textContent)]);
    const label = document.createElement("label");
    const field = document.createElement("input");
    const count = document.createElement("output");
    field.type = "search";
    field.autocomplete = "off";
    label.append(find.dataset.label, field);
    details.before(label, count);
    field.addEventListener("input", () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let found = 0;
      for (const [row, text] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        found += row.hidden ? 0 : 1;
      }
      details.open = words.length > 0;
      count.textContent = words.length ? find.dataset.count.replace("{number}", found.toLocaleString(language)) : "";
    });
  }

  // Letters without accents, so that "pago automatico" finds "pago automático".
  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // The reader's own time beside the city's, where the two clocks differ.
  const hour = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  const clock = new Intl.DateTimeFormat(language, hour);
  const day = { year: "numeric", month: "long", day: "numeric" };
  const dated = new Intl.DateTimeFormat(language, { ...day, ...hour });
  for (const time of document.querySelectorAll(":is(.lead, #made) time[datetime*='T']")) {
    const moment = new Date(time.dateTime);
    const [, sign, hours, minutes] = time.dateTime.match(/([+-])(\d\d):(\d\d)$/) ?? [];
    const offset = (sign === "-" ? 1 : -1) * (60 * hours + 1 * minutes);
    if (sign && offset !== moment.getTimezoneOffset()) {
      const sameDay = moment.getDate() === Number(time.dateTime.slice(8, 10));
      time.after(` (${(sameDay ? clock : dated).format(moment)})`);
    }
  }

  // How old the page is, once that is more than an hour.
  const made = document.querySelector("#made[data-old]");
  if (made) {
    const hours = (Date.now() - new Date(made.querySelector("time").dateTime)) / 3600000;
    if (hours >= 1) {
      const [value, unit] = hours < 48 ? [hours, "hour"] : [hours / 24, "day"];
      const age = new Intl.RelativeTimeFormat(language).format(-Math.floor(value), unit);
      const note = document.createElement("p");
      note.className = "bar old"; // stands at the foot of the window, so that nothing on the page moves
      note.textContent = made.dataset.old.replace("{age}", age);
      document.querySelector("main").append(note);
    }
  }
})();
