"use strict";
// The page tells the lab what its user does; the lab answers with new parts of the page, and with what is wrong where.
(() => {
  const WAIT = 300; // ms after the last letter until what is typed is told
  let count = 0, pending = null, focus = "", problems = {};

  const send = (action) => Shiny.setInputValue("act", { ...action, number: ++count }, { priority: "event" });

  function tell(field) {
    const { do: what, path, row, column } = field.dataset;
    send({ do: what, path, row: Number(row || 0), column: Number(column || 0), words: field.value });
  }

  function flush() {
    if (pending) {
      clearTimeout(pending.timer);
      const { field } = pending;
      pending = null;
      tell(field);
    }
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-do]") || target.matches("select, [type=checkbox]")) return;
    if (pending && pending.field !== target) flush();
    if (pending) clearTimeout(pending.timer);
    pending = { field: target, timer: setTimeout(flush, WAIT) };
  });
  document.addEventListener("change", ({ target }) => {
    flush();
    if (target.matches("select[data-do]")) tell(target);
    if (target.matches("[type=checkbox][data-do]")) {
      const { do: what, path } = target.dataset;
      send({ do: what, path, words: target.value, fields: { taken: target.checked } });
    }
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-do]");
    if (!button) return;
    flush();
    const { do: what, path, row, fields } = button.dataset;
    const given = {};
    for (const id of (fields || "").split(" ").filter(Boolean)) {
      const field = document.getElementById(id);
      given[id] = field.type === "checkbox" ? field.checked : field.value;
    }
    if (what === "add-row") focus = `at--${path.replaceAll(".", "--")}-${row}-0`;
    send({ do: what, path: path || "", row: Number(row || 0), fields: given });
  });

  function show() {
    for (const place of document.querySelectorAll("[data-lever]")) {
      const words = problems[place.dataset.lever] || "";
      const told = place.querySelector(".wrong");
      if (told.textContent !== words) told.textContent = words;
      told.hidden = !words;
      for (const field of place.querySelectorAll("input, select, textarea")) {
        if (words) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
    }
  }

  // A form that is drawn anew keeps what was unfolded, and where the user was.
  let folded = {}, typed = null;
  const form = () => document.getElementById("levers");
  function remember() {
    const active = document.activeElement;
    if (active && active.id && form().contains(active) && !focus) focus = active.id;
    typed = pending && { id: pending.field.id, value: pending.field.value };
    flush();
    for (const part of form().querySelectorAll("details[id]")) folded[part.id] = part.open;
  }
  function restore() {
    for (const part of form().querySelectorAll("details[id]")) {
      if (part.id in folded) part.open = folded[part.id];
    }
    const field = focus && document.getElementById(focus);
    if (field) field.focus();
    const same = typed && document.getElementById(typed.id);
    if (same) same.value = typed.value;
    focus = "";
    show();
  }

  $(document).on("shiny:value", (event) => {
    if (event.name === "levers") {
      remember();
      setTimeout(restore, 0);
    }
  });
  $(document).on("shiny:sessioninitialized", () => {
    send({ do: "width", row: window.innerWidth < 700 ? 1 : 0 });
    Shiny.addCustomMessageHandler("problems", (found) => { problems = found; show(); });
    Shiny.addCustomMessageHandler("text", ({ words }) => {
      const text = document.querySelector("#text code");
      if (text) text.textContent = words;
    });
  });
  $(document).on("shiny:disconnected", () => { document.getElementById("stopped").hidden = false; });
})();
