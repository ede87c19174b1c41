// While somebody writes: a note's draft saves itself.
"use strict";
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const text = form.elements.text;
  const version = form.elements.version;
  const token = form.elements.csrf_token.value;
  const line = form.querySelector(".autosave");
  const SAVE_PAUSE_MS = 1200;
  const RETRY_MS = 8000;
  let id = form.dataset.id;
  let kept = text.value;
  let saving = null;
  let timer = 0;
  // What somebody else wrote meanwhile is never overwritten by itself.
  let isHeld = "hold" in form.dataset;

  const say = (words, state) => {
    line.textContent = words;
    line.className = state ? `autosave is-${state}` : "autosave";
  };
  say(line.dataset.idle, "");

  const send = () => {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
    const body = { text: text.value };
    if (id) {
      headers["If-Match"] = `"${version.value}"`;
      return fetch(`${form.dataset.autosave}/${id}`, { method: "PATCH", headers, body: JSON.stringify(body) });
    }
    Object.assign(body, { language: form.dataset.language, draft: true });
    return fetch(form.dataset.autosave, { method: "POST", headers, body: JSON.stringify(body) });
  };

  const attempt = async (sent) => {
    say(form.dataset.saving, "");
    try {
      const answer = await send();
      if (answer.status === 409 || answer.status === 412) {
        isHeld = true;
        return say(form.dataset.stale, "bad");
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const note = await answer.json();
      version.value = note.version;
      kept = sent;
      if (!id) {
        id = form.dataset.id = note.id;
        form.action = `/desk/notes/${id}/write`;
        history.replaceState(null, "", form.action);
      }
      say(form.dataset.saved, "saved");
      if (text.value !== sent) timer = setTimeout(save, SAVE_PAUSE_MS);
    } catch {
      say(form.dataset.failed, "bad");
      timer = setTimeout(save, RETRY_MS);
    }
  };

  const save = async () => {
    clearTimeout(timer);
    if (isHeld || saving || text.value === kept || !text.value.trim()) return;
    saving = attempt(text.value);
    await saving;
    saving = null;
  };

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_PAUSE_MS);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  // The version that is being saved is the one to go on from.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (!saving) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    await saving;
    setTimeout(() => form.requestSubmit(button));
  });
})();

// Whatever is written, a note or an article: what says the same appears beside it.
(() => {
  const form = document.querySelector("form[data-alike]");
  if (!form) return;
  const title = form.elements.title;
  const text = form.elements.text ?? form.elements.resolution;
  const body = document.querySelector(".alike-body");
  const PAUSE_MS = 900;
  const LEAST_CHARS = 12;
  const written = () => ({ title: title ? title.value : "", text: text.value });
  let known = JSON.stringify(written());
  let asked = 0;
  let timer = 0;

  const ask = async () => {
    const now = written();
    const same = JSON.stringify(now);
    if (same === known || (now.title + now.text).trim().length < LEAST_CHARS) return;
    known = same;
    const turn = ++asked;
    const token = form.elements.csrf_token.value;
    const fields = new URLSearchParams({ csrf_token: token, ...now, exclude_id: form.dataset.id });
    try {
      const answer = await fetch(form.dataset.alike, { method: "POST", body: fields });
      if (!answer.ok || turn !== asked) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      body.replaceChildren(...found.body.childNodes);
    } catch {
      // offline: what was found last stays
    }
  };
  for (const field of [title, text]) {
    field?.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    });
  }
})();
