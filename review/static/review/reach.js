// A part of the page that could not be fetched says so: a list would go on showing what it showed before.
"use strict";

for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failed, () => showUnreached(true));
}
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) showUnreached(false);
});

function showUnreached(shown) {
  document.querySelector("[data-unreached]").hidden = !shown;
}
