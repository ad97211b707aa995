// The library's scripts talk to the key; a refusal of browser or key is said on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const place of document.querySelectorAll("[data-key-failed]")) place.hidden = false;
});
