"use strict";
(() => {
  const MINUS = "\u2212", TICKS = 5, ROUNDING = 1e-9;
  const off = new Set();
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // --- lines by year: the same rules as in lines.py -----------------------------------------------------------------
  const numbers = (text) => text.split(" ").map((word) => (word === "-" ? NaN : Number(word)));
  const known = Number.isFinite;

  function read(svg) {
    const [left, right, top, bottom, gap] = numbers(svg.dataset.panel);
    const labels = new Map([...svg.querySelectorAll(".label")].map((g) => [g.dataset.policy, g]));
    const series = [...svg.querySelectorAll(".series")].map((g) => ({
      g, policy: g.dataset.policy, name: g.dataset.label, label: labels.get(g.dataset.policy),
      values: numbers(g.dataset.values), low: numbers(g.dataset.low), high: numbers(g.dataset.high),
    }));
    return {
      svg, series, left, right, top, bottom, gap, years: numbers(svg.dataset.years), at: null,
      divisor: Number(svg.dataset.divisor), zero: svg.dataset.zero === "1", signs: svg.dataset.signs === "1",
      rule: svg.querySelector(".rule"), ticks: svg.querySelector(".ticks"),
    };
  }

  function limits(chart, shown) {
    const every = shown.flatMap((s) => [...s.values, ...s.low, ...s.high]).filter(known);
    let low = Math.min(...every), high = Math.max(...every);
    if (chart.zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
    const largest = Math.max(Math.abs(low), Math.abs(high));
    if (high - low <= ROUNDING * Math.max(largest, ROUNDING)) return [low, low + Math.max(largest, 1)];
    const room = 0.04 * (high - low);
    return [low - (low < 0 || !chart.zero ? room : 0), high + room];
  }

  function steps(low, high, divisor) {
    const raw = (high - low) / divisor / TICKS, size = 10 ** Math.floor(Math.log10(raw));
    const far = (factor) => Math.abs(Math.log((factor * size) / raw));
    const step = [1, 2, 5, 10].reduce((best, each) => (far(each) < far(best) ? each : best)) * size * divisor;
    const found = [];
    for (let k = Math.ceil(low / step); k <= Math.floor(high / step); k += 1) found.push(step * k);
    return found;
  }

  function text(value, signs, digits) {
    const shown = Number(value.toPrecision(digits));
    const sign = shown < 0 ? MINUS : signs && shown > 0 ? "+" : "";
    return sign + Math.abs(shown).toLocaleString("en", { maximumSignificantDigits: digits });
  }

  function spreadApart(heights, gap, top, bottom) {
    const middleOf = (members) => {
      const half = (gap * (members.length - 1)) / 2;
      const mean = members.reduce((sum, k) => sum + heights[k], 0) / members.length;
      return Math.max(Math.min(mean, bottom - half), top + half);
    };
    const groups = [];
    for (const k of [...heights.keys()].sort((a, b) => Math.round(1000 * heights[a]) - Math.round(1000 * heights[b]))) {
      groups.push([heights[k], [k]]);
      while (groups.length > 1) {
        const [a, b] = groups.slice(-2);
        if (b[0] - a[0] >= (gap * (a[1].length + b[1].length)) / 2) break;
        const members = [...a[1], ...b[1]];
        groups.splice(-2, 2, [middleOf(members), members]);
      }
    }
    const placed = [...heights];
    for (const [middle, members] of groups)
      members.forEach((k, place) => { placed[k] = middle + gap * (place - (members.length - 1) / 2); });
    return placed;
  }

  const xOf = (chart, k) => {
    const { years, left, right } = chart, width = Math.max(years[years.length - 1] - years[0], 1);
    return years.length > 1 ? left + 6 + ((years[k] - years[0]) / width) * (right - left - 12) : (left + right) / 2;
  };

  function runs(values) {
    const found = [[]];
    values.forEach((value, k) => (known(value) ? found[found.length - 1].push(k) : found.push([])));
    return found.filter((run) => run.length);
  }

  function draw(chart) {
    const shown = chart.series.filter((s) => !off.has(s.policy));
    for (const s of chart.series) {
      s.g.style.display = off.has(s.policy) ? "none" : "";
      if (s.label) s.label.style.display = off.has(s.policy) ? "none" : "";
    }
    if (!shown.length) return;
    const [low, high] = limits(chart, shown), y = (v) => chart.bottom - ((v - low) / (high - low)) * (chart.bottom - chart.top);
    chart.y = y;
    const point = (k, v) => `${xOf(chart, k).toFixed(1)} ${y(v).toFixed(1)}`;
    for (const s of shown) {
      const path = runs(s.values).map((run) => "M" + run.map((k) => point(k, s.values[k])).join("L")).join("");
      s.g.querySelector(".line").setAttribute("d", path);
      const band = runs(s.low.map((v, k) => v + s.high[k])).filter((run) => run.length > 1).map((run) =>
        "M" + [...run.map((k) => point(k, s.high[k])), ...[...run].reverse().map((k) => point(k, s.low[k]))].join("L") + "Z");
      s.g.querySelector(".band").setAttribute("d", band.join(""));
      for (const mark of s.g.querySelectorAll(".mark"))
        mark.setAttribute("transform", `translate(${point(Number(mark.dataset.at), s.values[mark.dataset.at])})`);
    }
    drawTicks(chart, steps(low, high, chart.divisor), y);
    placeLabels(chart, shown.filter((s) => s.label), y);
  }

  function tickText(value, signs, places) {
    const shown = Number(value.toFixed(places)), sign = shown < 0 ? MINUS : signs && shown > 0 ? "+" : "";
    const digits = shown ? places : 0;
    return sign + Math.abs(shown).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  function drawTicks(chart, ticks, y) {
    const step = ticks.length > 1 ? (ticks[1] - ticks[0]) / chart.divisor : 1;
    const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-6));
    const svg = (tag, attributes, words = "") => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.textContent = words;
      return element;
    };
    chart.ticks.replaceChildren(...ticks.flatMap((tick) => [
      svg("line", { x1: chart.left, x2: chart.right, y1: y(tick), y2: y(tick), class: tick === 0 ? "zero" : "" }),
      svg("text", { x: chart.left - 6, y: y(tick) + 4, "text-anchor": "end" }, tickText(tick / chart.divisor, chart.signs, places)),
    ]));
  }

  function placeLabels(chart, shown, y) {
    const ends = shown.map((s) => y(s.values.filter(known).pop()));
    spreadApart(ends, chart.gap, chart.top, chart.bottom).forEach((height, k) => {
      const { label } = shown[k];
      label.querySelector(".lead").setAttribute("d", `M${chart.right - 4} ${ends[k]}L${chart.right + 13} ${height}`);
      label.querySelector(".sign").setAttribute("transform", `translate(${chart.right + 20} ${height})`);
      label.querySelector("text").setAttribute("y", height + 4);
    });
  }

  // --- reading a year: by pointer, or by keys -----------------------------------------------------------------------
  function look(chart, k, height) {
    const shown = chart.series.filter((s) => !off.has(s.policy) && known(s.values[k]));
    chart.at = k;
    const nearest = height === undefined || !chart.y ? null : shown.reduce((best, s) =>
      (best && Math.abs(chart.y(best.values[k]) - height) <= Math.abs(chart.y(s.values[k]) - height) ? best : s), null);
    chart.svg.classList.toggle("looking", nearest !== null);
    chart.series.forEach((s) => s.g.classList.toggle("near", s === nearest));
    for (const end of ["x1", "x2"]) chart.rule.setAttribute(end, xOf(chart, k));
    chart.rule.setAttribute("visibility", "visible");
    const told = [...shown].sort((a, b) => b.values[k] - a.values[k]).map((s) => {
      const figure = (v) => text(v / chart.divisor, chart.signs, 3);
      const interval = known(s.low[k]) && s.high[k] > s.low[k] ? ` (${figure(s.low[k])} to ${figure(s.high[k])})` : "";
      return make("span", s === nearest ? { class: "near" } : {}, `${s.name} ${figure(s.values[k])}${interval}`);
    });
    chart.readout.replaceChildren(make("strong", {}, `${chart.years[k]}:`), ...told);
  }

  function leave(chart) {
    chart.at = null;
    chart.svg.classList.remove("looking");
    chart.series.forEach((s) => s.g.classList.remove("near"));
    chart.rule.setAttribute("visibility", "hidden");
    chart.readout.replaceChildren();
  }

  function explore(chart) {
    const box = chart.svg.parentElement, last = chart.years.length - 1;
    chart.readout = make("p", { class: "readout", "aria-live": "polite" });
    box.after(chart.readout);
    box.tabIndex = 0;
    chart.svg.addEventListener("pointermove", (event) => {
      const matrix = chart.svg.getScreenCTM();
      const x = (event.clientX - matrix.e) / matrix.a, height = (event.clientY - matrix.f) / matrix.d;
      const nearest = chart.years.reduce((best, _, k) =>
        (Math.abs(xOf(chart, k) - x) < Math.abs(xOf(chart, best) - x) ? k : best), 0);
      look(chart, nearest, height);
    });
    chart.svg.addEventListener("pointerleave", () => leave(chart));
    box.addEventListener("blur", () => leave(chart));
    box.addEventListener("keydown", (event) => {
      const at = chart.at;
      const to = { ArrowRight: at === null ? 0 : Math.min(at + 1, last), ArrowLeft: at === null ? last : Math.max(at - 1, 0),
        Home: 0, End: last }[event.key];
      if (event.key === "Escape") leave(chart);
      if (to === undefined) return;
      event.preventDefault();
      look(chart, to);
    });
  }

  // --- policies on and off: one choice for all charts ---------------------------------------------------------------
  function controls(block, charts) {
    const names = new Map(charts.flatMap((chart) => chart.series.map((s) => [s.policy, s.name])));
    if (names.size < 2) return;
    const boxes = [...names].map(([policy, name]) => {
      const box = make("input", { type: "checkbox" });
      Object.assign(box, { checked: true, value: policy });
      box.addEventListener("change", () => choose([[policy, box.checked]]));
      return make("label", {}, box, name);
    });
    const every = (word, on) => {
      const button = make("button", { type: "button" }, word);
      button.addEventListener("click", () => choose([...names.keys()].map((policy) => [policy, on])));
      return button;
    };
    block.prepend(make("fieldset", { class: "policies" }, make("legend", {}, "Policies shown"),
      make("div", {}, ...boxes, every("all", true), every("none", false))));
  }

  function choose(changes) {
    for (const [policy, on] of changes) on ? off.delete(policy) : off.add(policy);
    for (const box of document.querySelectorAll(".policies input")) box.checked = !off.has(box.value);
    all.forEach(draw);
  }

  // --- searching tables ---------------------------------------------------------------------------------------------
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

  const all = [...document.querySelectorAll("svg.lines")].map(read);
  for (const block of document.querySelectorAll(".pictures"))
    controls(block, all.filter((chart) => block.contains(chart.svg)));
  all.forEach((chart) => { explore(chart); draw(chart); });
  document.querySelectorAll(".searched").forEach(searched);
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((each) => { each.open = false; }));
})();
