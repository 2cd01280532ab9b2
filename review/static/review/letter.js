// While a letter is being written its rendering beside it follows; without this the button does it.
"use strict";

const letter = document.querySelector("form[data-look]");
const again = letter?.querySelector("[data-look-again]");
let waiting;

letter?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => letter.requestSubmit(again), 700);
});
