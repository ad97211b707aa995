// Without this file the page works too; it folds out what is printed, keeps the form in step, and sends it
// without leaving the page, so that the key need not be entered for each attempt.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});

if (document.body.classList.contains("printing")) print();

const form = document.querySelector("form.trial");
const payload = form?.elements.payload;
const sampleOf = (shape) => document.getElementById(`payload-${shape}`).textContent;

// The other shape's sample takes the place of a payload that nobody has edited.
for (const radio of document.querySelectorAll("input[name=shape]")) {
  radio.addEventListener("change", () => {
    if (["flat", "structured"].some((shape) => payload.value === sampleOf(shape))) payload.value = sampleOf(radio.value);
  });
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    show(page.getElementById("outcome") ?? page.querySelector("main"));
  } catch {
    form.submit();
  }
  button.disabled = false;
});

function show(outcome) {
  const place = document.getElementById("outcome");
  place.replaceChildren(...outcome.childNodes);
  place.scrollIntoView({ block: "start" });
}
