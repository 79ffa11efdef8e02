// Filters, searches and walks through the items. The page is whole without it.
(function () {
  "use strict";
  const items = Array.from(document.querySelectorAll(".item"));
  const buttons = Array.from(document.querySelectorAll("[data-show]"));
  const search = document.getElementById("search");
  const part = document.getElementById("part");
  const unfold = document.getElementById("unfold");
  const count = document.getElementById("count");
  const texts = new Map();
  let show = "failed";

  function text(item) {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  }

  function wanted(item, words) {
    const blame = item.dataset.blame;
    if (show === "failed" ? blame === "0" : show !== "all" && blame !== show) return false;
    if (part.value && !item.dataset.parts.split(" ").includes(part.value)) return false;
    return words.every((word) => text(item).includes(word));
  }

  function shown() {
    return items.filter((item) => !item.hidden);
  }

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !wanted(item, words);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.show === show));
    count.textContent = shown().length + " of " + items.length + " items shown.";
    relabel();
  }

  function relabel() {
    const all = shown();
    unfold.textContent = all.length && all.every((item) => item.open) ? "Close all shown" : "Open all shown";
  }

  function step(by) {
    const all = shown();
    const here = all.findIndex((item) => item.contains(document.activeElement));
    const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
    if (!next) return;
    next.querySelector("summary").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function reveal() {
    const item = items.find((one) => "#" + one.id === location.hash);
    if (!item) return;
    if (item.hidden) {
      show = "all";
      search.value = part.value = "";
      apply();
    }
    item.open = true;
    item.scrollIntoView();
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      show = button.dataset.show;
      apply();
    });
  }
  search.addEventListener("input", apply);
  part.addEventListener("change", apply);
  unfold.addEventListener("click", () => {
    const open = !shown().every((item) => item.open);
    for (const item of shown()) item.open = open;
    relabel();
  });
  for (const item of items) item.addEventListener("toggle", relabel);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search && event.key === "Escape") {
      search.value = "";
      search.blur();
      apply();
    }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (event.key === "/") search.focus();
    else return;
    event.preventDefault();
  });
  window.addEventListener("hashchange", reveal);
  document.getElementById("controls").hidden = false;
  apply();
  reveal();
})();
