// What script adds; everything is on the page without it.
(() => {
  "use strict";
  const language = document.documentElement.lang;

  const finder = document.querySelector(".find[data-index]");
  if (finder) useFinder(finder);

  // The field over the list of services, and under it what fits as one types. What is searched is a file of its own,
  // loaded when a reader first goes to the field; until then, and without it, the names in the list are searched.
  function useFinder(find) {
    const [field, count] = find.querySelectorAll("input, output");
    const [hits, list, unlisted, all] = find.querySelectorAll(".hits, .hits ul, .unlisted, details");
    const rows = new Map([...all.querySelectorAll("li")].map((row) => [row.querySelector("a").hash.slice(1), row]));
    const names = [...rows].map(([id, row]) => ({ id, name: row.querySelector("a").textContent }));
    let search = makeSearch({ stop: "", services: names });
    let telling;

    function load() {
      const script = document.createElement("script");
      script.src = find.dataset.index;
      script.addEventListener("load", () => {
        search = makeSearch(globalThis.finderIndex);
        show();
      });
      document.head.append(script);
    }

    function show() {
      const found = search(field.value).filter(({ id }) => rows.has(id));
      list.replaceChildren(...found.map(makeRow));
      unlisted.hidden = found[0]?.isWhole;
      hits.hidden = !/[\p{L}\p{N}]/u.test(field.value);
      clearTimeout(telling); // a number for each letter would be chatter
      const words = find.dataset.count.replace("{number}", found.length.toLocaleString(language));
      telling = setTimeout(() => (count.textContent = hits.hidden ? "" : words), 700);
    }

    function makeRow({ id, answer, language: foreign }) {
      const row = rows.get(id).cloneNode(true);
      const shown = document.querySelector(`.overview a[href="#${CSS.escape(id)}"] ~ .answer`);
      if (shown) {
        row.append(document.createElement("br"), shown.cloneNode(true)); // the overview has it, with its links
      } else if (answer) {
        const line = row.appendChild(document.createElement("p")).appendChild(document.createElement("span"));
        line.textContent = answer;
        if (foreign) [line.lang, line.dir] = [foreign, "auto"];
      }
      return row;
    }

    field.addEventListener("focus", load, { once: true });
    field.addEventListener("focus", show);
    field.addEventListener("input", show);
    find.addEventListener("keydown", (press) => {
      if (press.isComposing) return; // the key is for the keyboard's own program, in Vietnamese for example
      if (press.key === "Escape") {
        press.preventDefault();
        field.value = "";
        field.focus();
        show();
      } else if (press.key === "Enter" && press.target === field) {
        list.querySelector("a")?.focus();
      }
    });
    // The hits lie over the page: they go when one is chosen, or the reader goes on elsewhere.
    const isOutside = (element) => !field.parentElement.contains(element);
    document.addEventListener("click", ({ target }) => (hits.hidden ||= target.closest("a") || isOutside(target)));
    document.addEventListener("focusin", ({ target }) => (hits.hidden ||= isOutside(target)));
    unlisted.querySelector("[href='#a-to-z']").addEventListener("click", () => (all.open = true));
    find.classList.add("ready");
    if (document.activeElement === field) load();
  }

  // Returns what finds the services that a question is about, the best first. Each counts for the words that it has:
  // more in its name than in advice about it, more for a word that few others have, and more for words side by side.
  function makeSearch({ stop, services }) {
    const weights = { name: 8, keywords: 6, ways: 3, about: 2, elsewhere: 2, advice: 1 };
    const stops = new Set(split(stop).flatMap((word) => [word, plain(word)]));
    // Marks tell Latin words apart ("chó" is a dog, "cho" is "for"); vowel signs do not.
    const isStop = (word) => stops.has(word) || (!/\p{Script=Latin}/u.test(word) && stops.has(plain(word)));
    const read = (text) => split(text).filter((word) => !isStop(word)).map(fold);
    const known = new Map(); // each word, and what it weighs for the services that have it, by their numbers
    services.forEach((service, number) => {
      for (const [field, weight] of Object.entries(weights)) {
        const words = read(service[field] ?? "");
        for (const word of [...words, ...pairs(words)]) {
          if (!known.has(word)) known.set(word, new Map());
          const weighs = weight + 1 / words.length; // in a short text, a word is more of it
          known.get(word).set(number, Math.max(weighs, known.get(word).get(number) ?? 0));
        }
      }
    });

    function find(isLike) {
      const found = new Map();
      for (const [word, places] of known) {
        const likeness = isLike(word);
        if (likeness) for (const [number, weight] of places) {
          found.set(number, Math.max(likeness * weight, found.get(number) ?? 0));
        }
      }
      return found;
    }

    return (question) => {
      const asked = read(question).length ? read(question) : split(question).map(fold);
      const scores = new Map(services.map((service, number) => [number, { ...service, score: 0, words: new Set() }]));
      const add = (found, ...words) => {
        for (const [number, weight] of found) {
          const score = scores.get(number);
          score.score += weight * Math.log(1 + services.length / found.size);
          words.forEach((word) => score.words.add(word));
        }
      };
      for (const word of asked) {
        const found = find((other) => likeness(word, other));
        add(found.size ? found : find((other) => likenessWithTypo(word, other)), word);
      }
      pairs(asked).forEach((pair, number) => add(find((other) => pair === other), asked[number], asked[number + 1]));
      const best = [...scores.values()].sort((one, other) => other.score - one.score);
      const least = Math.max(0.25 * best[0]?.score, 0.01);
      return best
        .filter(({ score }) => score >= least)
        .slice(0, 6)
        .map((hit) => ({ ...hit, isWhole: asked.every((word) => hit.words.has(word)) }));
    };
  }

  // Words side by side as one: "shut off" is "shutoff", "e-mail" is "email".
  function pairs(words) {
    return words.slice(1).map((word, number) => words[number] + word);
  }

  function split(text) {
    return text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  }

  // A word without accents, vowel signs and what is written in more than one way.
  function plain(word) {
    const bare = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Arabic}]/u.test(word)
      ? word.normalize("NFD").replace(/\p{M}/gu, "")
      : word;
    const same = { đ: "d", ł: "l", ø: "o", ß: "ss", æ: "ae", œ: "oe", ة: "ه", ى: "ي", ی: "ي", ک: "ك", ٱ: "ا", ء: "", ـ: "" };
    return bare.replace(/[đłøßæœةىیکٱءـ]/g, (letter) => same[letter]).replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt() % 16);
  }

  // A word without what differs between one and many, and without the Arabic article.
  function fold(word) {
    const bare = plain(word);
    if (/^[a-z]{4,}$/.test(bare)) {
      const one = bare.replace(/([^sui])s$/, "$1").replace(/(e[a]?u)x$/, "$1");
      return one.replace(/(..[^e])e$/, "$1").replace(/([^aeiou])y$/, "$1i");
    }
    const base = bare.replace(/^(?:[وف]?[بك]?ال|[وف]?لل)(?=\p{Script=Arabic}{3})/u, "");
    return base.replace(/(\p{Script=Arabic}{3})(?:اتي|ات|تي|ها|نا|ون|ين|ه|ي)$/u, "$1");
  }

  // How like two words are, from 0 to 1: the same, one that is not typed to its end, or one with an ending.
  function likeness(asked, known) {
    if (asked === known) return 1;
    if (known.startsWith(asked)) return asked.length > 1 ? 0.4 + (0.4 * asked.length) / known.length : 0.1;
    return asked.startsWith(known) && known.length > 3 ? 0.5 : 0;
  }

  // How like two words are if one of them is mistyped. It is asked only of words that nothing else is like.
  function likenessWithTypo(asked, known) {
    if (isTypo(asked, known)) return 0.5;
    const short = Math.min(asked.length, known.length);
    return short > 5 && isTypo(asked.slice(0, short), known.slice(0, short)) ? 0.3 : 0;
  }

  // Whether a long word is another with a letter missing, added, changed or in its neighbor's place (two of that in a
  // very long one).
  function isTypo(asked, known) {
    const most = asked.length > 8 ? 2 : 1;
    if (asked.length < 5 || asked[0] !== known[0] || Math.abs(asked.length - known.length) > most) return false;
    let [before, row] = [[], [...Array(known.length + 1).keys()]];
    for (let i = 1; i <= asked.length; i++) {
      const next = [i];
      for (let j = 1; j <= known.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (asked[i - 1] !== known[j - 1]));
        const isTurned = i > 1 && j > 1 && asked[i - 1] === known[j - 2] && asked[i - 2] === known[j - 1];
        if (isTurned) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      [before, row] = [row, next];
    }
    return row[known.length] <= most;
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
      note.className = "bar old";
      // It stands at the foot of the window, so that nothing on the page moves, and covers nothing that is gone to.
      note.style.cssText = "position:fixed;inset:auto 0 0;margin:0;border-top:2px solid";
      document.documentElement.style.scrollPaddingBlockEnd = "5rem";
      note.textContent = made.dataset.old.replace("{age}", age);
      document.querySelector("main").append(note);
    }
  }
})();
