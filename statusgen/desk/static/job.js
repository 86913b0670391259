// Renews the steps of a publication while it goes on; when it comes to something else, the page is loaded again. Copies
// messages.

const progress = document.getElementById("progress");
const PAUSE = 700; // milliseconds
const MOVING = ["running", "waiting"];
if (progress && MOVING.includes(progress.dataset.state)) setTimeout(look, PAUSE);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.parentElement.querySelector("[role=status]").textContent = button.dataset.copied;
  });
}

async function look() {
  try {
    const answer = await fetch(progress.dataset.job);
    if (!answer.ok) throw new Error(answer.status);
    const job = await answer.json();
    if (job.state !== progress.dataset.state || (job.has_left ? "yes" : "no") !== progress.dataset.left) {
      location.reload();
      return;
    }
    show(job.steps);
  } catch {
    // The desk was closed; the publication goes on without it.
  }
  setTimeout(look, PAUSE);
}

function show(steps) {
  const items = [...progress.querySelectorAll("li")];
  if (items.length !== steps.length) return location.reload();
  for (const [number, step] of steps.entries()) {
    const [sign, words, time] = items[number].children;
    if (items[number].className === step.state) continue;
    items[number].className = step.state;
    sign.textContent = step.sign;
    words.firstChild.textContent = `${step.hidden}: `;
    words.lastChild.textContent = step.words;
    time.textContent = step.time;
  }
}
