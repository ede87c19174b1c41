// Suggestions while typing, after the WAI-ARIA combobox pattern. The form works the same without it.
"use strict";
(() => {
  const form = document.querySelector("form[data-suggest]");
  if (!form) return;
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[role=listbox]");
  const PAUSE_MS = 120;
  let timer = 0;
  let asked = 0;
  let active = -1;

  list.id = "suggestions";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");

  const options = () => Array.from(list.children);

  // What was asked last is not wanted any more.
  const stopAsking = () => {
    clearTimeout(timer);
    asked += 1;
  };

  const close = () => {
    stopAsking();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (text) => {
    input.value = text;
    close();
    form.requestSubmit();
  };

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map(({ text }, index) => {
        const option = document.createElement("li");
        option.id = `suggestion-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dir = "auto";
        option.textContent = text;
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(text);
        });
        return option;
      }),
    );
    active = -1;
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  const ask = async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    const turn = ++asked;
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}&limit=6`);
      if (!answer.ok || turn !== asked || document.activeElement !== input) return;
      const found = await answer.json();
      if (turn === asked) show(found.suggestions);
    } catch {
      if (turn === asked) close(); // offline: the form still works
    }
  };

  const move = (step) => {
    const items = options();
    if (list.hidden || items.length === 0) return;
    stopAsking(); // the list does not change under whoever chooses from it
    if (active >= 0) items[active].setAttribute("aria-selected", "false");
    active = (active + step + items.length + (active < 0 && step < 0 ? 1 : 0)) % items.length;
    items[active].setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", items[active].id);
  };

  input.addEventListener("input", () => {
    // An empty field keeps the page's direction, or its placeholder would stand on the wrong side.
    input.dir = input.value ? "auto" : document.documentElement.dir;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(options()[active].textContent);
    } else if (event.key === "Escape") {
      close();
    }
  });
  input.addEventListener("blur", close);
})();
