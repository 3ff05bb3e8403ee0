"use strict";
// Tables that can be searched; everything else on the page stands as it was written.
(() => {
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  function searched(sheet) {
    const rows = [...sheet.querySelectorAll("tbody tr")], column = Number(sheet.dataset.chosenBy);
    const words = make("input", { type: "search" }), kind = make("select", {}), found = make("output", { "aria-live": "polite" });
    kind.append(make("option", { value: "" }, "all"), ...sheet.dataset.choices.split("|").map((each) => make("option", { value: each }, each)));
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const grades = rows.map((row) => row.children[column].lastChild.textContent.trim());
    const filter = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      rows.forEach((row, k) => {
        row.hidden = !(wanted.every((word) => texts[k].includes(word)) && (!kind.value || grades[k] === kind.value));
      });
      found.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} shown`;
    };
    words.addEventListener("input", filter);
    kind.addEventListener("change", filter);
    filter();
    sheet.prepend(make("div", { class: "search" }, make("label", {}, "Search: ", words), make("label", {}, "Grade: ", kind), found));
  }

  const unfold = () => {
    for (let each = document.getElementById(location.hash.slice(1)); each; each = each.parentElement)
      if (each.tagName === "DETAILS") each.open = true;
  };
  document.querySelectorAll(".searched").forEach(searched);
  addEventListener("hashchange", unfold);
  unfold();
})();
