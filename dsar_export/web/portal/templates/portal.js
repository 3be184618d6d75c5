"use strict";
(() => {
  const step = document.getElementById("live");
  const state = document.getElementById("state");
  if (step === null || state === null || !("EventSource" in window)) return;
  const source = new EventSource(step.dataset.from);
  source.addEventListener("message", (event) => {
    const now = JSON.parse(event.data);
    if (state.textContent !== now.state) state.textContent = now.state;
    if (step.textContent !== now.step) step.textContent = now.step;
  });
  // No other try: a page that is only open keeps no visit from ending.
  source.addEventListener("error", () => source.close());
  source.addEventListener("end", () => {
    source.close();
    location.replace(step.dataset.page);
  });
})();
