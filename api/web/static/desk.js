// What makes the desk's forms kinder; every one of them works the same without it.
"use strict";
(() => {
  // A form is sent once, however impatient the finger.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
  });
  // Back and forward show the page as it was left, with its forms unsent.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
})();
