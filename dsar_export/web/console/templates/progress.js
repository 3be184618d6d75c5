"use strict";
(() => {
  const text = document.getElementById("progress");
  const rows = document.getElementById("progress-rows");
  if (text === null || rows === null || !("EventSource" in window)) return;
  const page = text.dataset.page;
  const source = new EventSource(`${page}/progress`);
  const show = (event) => {
    const now = JSON.parse(event.data);
    if (text.textContent !== now.text) text.textContent = now.text;
    rows.textContent = now.rows;
  };
  source.addEventListener("message", show);
  source.addEventListener("end", (event) => {
    source.close();
    show(event);
    // Nothing that somebody types in an open form is lost: they load the page when they like.
    if (document.querySelector("details[open]") === null) location.replace(page);
  });
})();
