// Draws the reference from /schema. A file of its own, for the security policy allows no script in a page.
"use strict";

const place = document.getElementById("swagger");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function matchScheme() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

matchScheme();
dark.addEventListener("change", matchScheme);

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  deepLinking: false,
  validatorUrl: null,
});
