// Leaving a case's page tells at once that nobody looks at it here any more; without this it is known a minute later.
"use strict";

addEventListener("pagehide", () => {
  const form = document.querySelector("form[data-leave]");
  if (form) navigator.sendBeacon(form.dataset.leave, new FormData(form));
});
