"use strict";
(() => {
  const root = document.documentElement;
  const cards = Array.from(document.querySelectorAll("article.card"));
  const chips = Array.from(document.querySelectorAll(".chip"));
  const search = document.getElementById("search");
  const section = document.getElementById("section");
  const shown = document.getElementById("shown");
  const clear = document.getElementById("clear");
  const none = document.getElementById("none");
  const help = document.getElementById("help");
  const texts = new WeakMap();
  root.classList.add("scripted");

  const textOf = (card) => {
    let text = texts.get(card);
    if (text === undefined) {
      text = card.textContent.toLowerCase().replace(/\s+/g, " ");
      texts.set(card, text);
    }
    return text;
  };

  const wanted = () => {
    const groups = {};
    for (const chip of chips) {
      if (chip.getAttribute("aria-pressed") === "true") {
        (groups[chip.dataset.group] ??= new Set()).add(chip.dataset.value);
      }
    }
    if (section && section.value) groups.section = new Set([section.value]);
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return { groups: Object.entries(groups), words };
  };

  const apply = () => {
    const { groups, words } = wanted();
    let count = 0;
    for (const card of cards) {
      const fits = groups.every(([name, values]) => values.has(card.dataset[name])) &&
        (!words.length || words.every((word) => textOf(card).includes(word)));
      card.hidden = !fits;
      if (fits) count += 1;
    }
    const filtered = groups.length > 0 || words.length > 0;
    shown.value = `${count} of ${cards.length}`;
    clear.hidden = !filtered;
    none.hidden = count > 0 || !cards.length;
  };

  const showAll = () => {
    for (const chip of chips) chip.setAttribute("aria-pressed", "false");
    if (section) section.value = "";
    search.value = "";
    apply();
  };

  const current = () => document.activeElement && document.activeElement.closest("article.card");

  const go = (card) => {
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "start" });
  };

  const step = (by) => {
    const visible = cards.filter((card) => !card.hidden);
    if (!visible.length) return;
    const here = current();
    const at = here ? visible.indexOf(here) : -1;
    if (at >= 0) {
      go(visible[Math.min(visible.length - 1, Math.max(0, at + by))]);
      return;
    }
    const below = visible.find((card) => card.getBoundingClientRect().bottom > 120);
    go(by > 0 ? below || visible[visible.length - 1] : below || visible[0]);
  };

  const arrive = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const card = name && document.getElementById(name);
    if (!card || !card.matches("article.card")) return;
    if (card.hidden) showAll();
    go(card);
  };

  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const pressed = chip.getAttribute("aria-pressed") === "true";
      chip.setAttribute("aria-pressed", String(!pressed));
      apply();
    });
  }
  document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", apply);
  if (section) section.addEventListener("change", apply);
  clear.addEventListener("click", () => { showAll(); search.focus(); });
  document.getElementById("keys").addEventListener("click", () => help.showModal());
  document.getElementById("close").addEventListener("click", () => help.close());

  const actions = {
    j: () => step(1),
    k: () => step(-1),
    x: showAll,
    "?": () => help.showModal(),
    "/": () => { search.focus(); search.select(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "Escape" && typing) {
      typing.blur();
    } else if (typing) {
      if (event.key === "Enter" && typing === search) step(1);
    } else if (event.key === "Enter" && event.target.matches("article.card")) {
      const details = event.target.querySelector("details");
      if (details) details.open = !details.open;
    } else if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  });

  window.addEventListener("hashchange", arrive);
  apply();
  arrive();
})();
