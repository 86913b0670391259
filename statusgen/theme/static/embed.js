// Puts the words of a badge in the place of its picture, so that they can be enlarged, read aloud and translated.
// The words lie beside the page that the link leads to. Where anything fails, the badge stays. Nothing is stored, and
// nothing is sent but the request for the words.
(() => {
  "use strict";

  async function speak(link) {
    const badge = link.querySelector("img");
    const request = { credentials: "omit", referrerPolicy: "no-referrer" };
    const answer = await fetch(new URL("badge.json", link.href), request);
    const { label, message } = await answer.json();
    if (badge && answer.ok && typeof label === "string" && typeof message === "string") {
      const words = document.createElement("span");
      words.dir = "auto";
      words.textContent = `${label}: ${message}`;
      badge.replaceWith(words);
    }
  }

  for (const link of document.querySelectorAll("a[data-service-status]")) {
    delete link.dataset.serviceStatus; // where the script stands on a page twice, each link is spoken for once
    speak(link).catch(() => {});
  }
})();
