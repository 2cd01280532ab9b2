// New cases without reloading: every few seconds the page asks what changed since it was made, unless nobody looks.
// Rows never move by themselves; a bar offers to show what is new, and the numbers on the tabs follow.
"use strict";

const EVERY = 10_000;
let mark = "", asked = "";

async function lookForNews() {
  const url = document.getElementById("news")?.dataset.url;
  if (!url || document.hidden) return;
  if (url !== asked) [asked, mark] = [url, ""];
  const headers = mark ? { "If-None-Match": mark } : {};
  const answer = await fetch(url, { headers, cache: "no-store", redirect: "error" }).catch(() => null);
  if (!answer?.ok || url !== document.getElementById("news")?.dataset.url) return; // 304: nothing else than last time
  mark = answer.headers.get("ETag") ?? "";
  tell(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

function tell(news) {
  for (const fresh of news.querySelectorAll("[data-count]")) {
    const shown = document.querySelector(`[data-count="${fresh.dataset.count}"]`);
    if (shown && shown.textContent !== fresh.textContent) {
      shown.textContent = fresh.textContent;
      shown.className = fresh.className;
    }
  }
  const bar = document.getElementById("arrivals");
  const words = news.getElementById("arrivals")?.innerHTML.trim() ?? "";
  if (bar && bar.dataset.said !== words) {
    bar.innerHTML = words;
    bar.dataset.said = words;
    window.htmx?.process(bar);
  }
}

setInterval(lookForNews, EVERY);
document.addEventListener("visibilitychange", lookForNews);
