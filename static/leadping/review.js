// The review queue and the review page from the keyboard. Without this file both work with the mouse alone.

const keys = document.querySelector("dialog.keys-help");
for (const button of document.querySelectorAll("[data-shows-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => keys.showModal());
}

const rows = [...document.querySelectorAll("[data-row]")];

function current() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

// One click for all of them; what was chosen is listed before anything is done.
const all = document.querySelector("[data-chooses-all]");
if (all) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("#queue tbody input[type=checkbox]")) box.checked = all.checked;
  });
}

function goTo(place) {
  const row = rows[Math.min(Math.max(place, 0), rows.length - 1)];
  row?.querySelector("[data-opens]").focus();
}

function follow(selector) {
  document.querySelector(selector)?.click();
}

function choose(decision) {
  const radio = document.querySelector(`#decision input[value="${decision}"]`);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  document.querySelector("#decision textarea[name=reason]").focus();
}

const onQueue = {
  j: () => goTo(current() + 1),
  k: () => goTo(current() - 1),
  x: () => rows[current()]?.querySelector("input[type=checkbox]")?.click(),
};
onQueue.ArrowDown = onQueue.j;
onQueue.ArrowUp = onQueue.k;

const onReview = {
  a: () => choose("approved"),
  c: () => choose("changes_requested"),
  r: () => choose("refused"),
  j: () => follow("[data-next]"),
  k: () => follow("[data-previous]"),
  u: () => follow(".way a"),
};

// Where the page itself says which key chooses what.
function chooseBy(key) {
  const radio = document.querySelector(`#decision input[data-key="${CSS.escape(key)}"]`);
  return radio && (() => choose(radio.value));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form?.id === "decision") {
    event.target.form.requestSubmit();
    return;
  }
  const writes = event.target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  if (writes || event.ctrlKey || event.metaKey || event.altKey || keys?.open) return;
  const known = chooseBy(event.key) ?? (rows.length ? onQueue : onReview)[event.key];
  const deed = event.key === "?" ? () => keys?.showModal() : known;
  if (!deed) return;
  event.preventDefault();
  deed();
});
