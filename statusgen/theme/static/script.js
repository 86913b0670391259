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

  // The reader's own time, where the clocks differ: as the last words of the page, so that nothing on it moves.
  const made = document.querySelector("#made");
  const shown = made?.querySelector("time");
  const hour = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  const clock = new Intl.DateTimeFormat(language, hour);
  const day = { year: "numeric", month: "long", day: "numeric" };
  const dated = new Intl.DateTimeFormat(language, { ...day, ...hour });
  if (shown) {
    const moment = new Date(shown.dateTime);
    const [, sign, hours, minutes] = shown.dateTime.match(/([+-])(\d\d):(\d\d)$/) ?? [];
    const offset = (sign === "-" ? 1 : -1) * (60 * hours + 1 * minutes);
    if (sign && offset !== moment.getTimezoneOffset()) {
      const sameDay = moment.getDate() === Number(shown.dateTime.slice(8, 10));
      made.append(` ${made.dataset.here.replace("{time}", (sameDay ? clock : dated).format(moment))}`);
    }
  }

  // How old the page is, once that is more than an hour.
  if (made?.dataset.old) {
    const hours = (Date.now() - new Date(shown.dateTime)) / 3600000;
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
