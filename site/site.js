// Additions to the pages of mdBook: everything can be reached with the keyboard, and there is one light and one dark theme.
"use strict";

(() => {
  const content = document.getElementById("mdbook-content");
  content.tabIndex = -1;
  const skip = document.createElement("a");
  skip.className = "skip";
  skip.href = "#mdbook-content";
  skip.textContent = "Skip to the text";
  document.body.prepend(skip);
  // The contents scroll to the current page, and Tab would begin there.
  addEventListener("load", () => {
    if (location.hash || document.activeElement !== document.body) return;
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus({ preventScroll: true });
    start.remove();
  });

  // The menu's button is the label of a hidden box, which Tab does not reach: a real button takes its place.
  const label = document.getElementById("mdbook-sidebar-toggle");
  const menu = document.createElement("button");
  menu.id = "menu";
  menu.type = "button";
  menu.className = "icon-button";
  menu.title = "Contents";
  menu.setAttribute("aria-label", "Contents");
  menu.setAttribute("aria-controls", "mdbook-sidebar");
  menu.append(...label.childNodes);
  label.hidden = true;
  label.before(menu);
  const root = document.documentElement;
  const isOpen = () => root.classList.contains("sidebar-visible");
  const covers = matchMedia("(max-width: 620px)");
  menu.addEventListener("click", (event) => {
    label.click();
    // On a phone the contents cover the page, so they are next for the keyboard.
    if (event.detail === 0 && isOpen() && covers.matches) document.querySelector("#mdbook-sidebar a").focus();
  });
  document.getElementById("mdbook-sidebar").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      label.click();
      menu.focus();
    }
  });
  const tellState = () => menu.setAttribute("aria-expanded", isOpen());
  new MutationObserver(tellState).observe(root, { attributeFilter: ["class"] });
  tellState();

  document.getElementById("mdbook-menu-bar").setAttribute("role", "banner");

  const names = { default_theme: "As the system", light: "Light", navy: "Dark" };
  for (const button of document.querySelectorAll("#mdbook-theme-list .theme")) {
    const name = names[button.id.replace("mdbook-theme-", "")];
    if (name) button.textContent = name;
    else button.parentElement.remove();
  }
  // Another book on this host may have set a theme that is none here.
  if (!["light", "navy"].some((name) => root.classList.contains(name))) {
    document.getElementById("mdbook-theme-default_theme").click();
    document.activeElement.blur();
  }

  // On a phone a table is a list of cards, and each cell of a wide table names its column.
  for (const table of document.querySelectorAll(".table-wrapper table")) {
    const titles = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent);
    if (titles.length < 3) continue;
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].slice(1).forEach((cell, index) => {
        if (cell.textContent) cell.dataset.column = titles[index + 1];
      });
    }
  }

  // Words such as `--no-input` are broken after a hyphen otherwise.
  const wraps = 'main :not(pre) > code, pre > code.language-sh, pre > code.language-console, pre > code:not([class*="language-"])';
  for (const code of document.querySelectorAll(wraps)) {
    const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    const hyphenated = [];
    while (texts.nextNode()) if (texts.currentNode.data.includes("-")) hyphenated.push(texts.currentNode);
    for (const text of hyphenated) {
      const words = text.data.split(/(\s+)/).map((word) => {
        if (!word.includes("-") || word.length > 24) return word;
        const whole = document.createElement("span");
        whole.className = "whole";
        whole.textContent = word;
        return whole;
      });
      text.replaceWith(...words);
    }
  }

  // What scrolls sideways can be scrolled with the arrow keys.
  const scrollers = document.querySelectorAll("pre > code, .table-wrapper");
  const reachable = () => {
    for (const one of scrollers) {
      if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
      else one.removeAttribute("tabindex");
    }
  };
  reachable();
  addEventListener("resize", reachable);
})();
