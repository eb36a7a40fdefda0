"use strict";
// Everything here is an extra: without it the page folds, links and downloads its tables all the same.
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const remember = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } },
  };

  // One switch for all code, remembered for the next page.
  const codes = all("details.code");
  const control = document.querySelector("#code-switch");
  if (control && codes.length) {
    document.documentElement.classList.add("scripted");
    const apply = (open) => {
      codes.forEach((block) => { block.open = open; });
      control.setAttribute("aria-pressed", String(open));
    };
    apply(codes[0].open || remember.get("malirussia-code") === "open");
    control.hidden = false;
    control.addEventListener("click", () => {
      const open = control.getAttribute("aria-pressed") !== "true";
      apply(open);
      remember.set("malirussia-code", open ? "open" : "folded");
    });
  }

  // The section that is being read, in the table of contents.
  const toc = document.querySelector("nav.toc details");
  if (toc) {
    if (matchMedia("(min-width: 75rem)").matches) toc.open = true;
    const links = new Map(all("nav.toc a").map((link) => [link.hash.slice(1), link]));
    const heads = all("main h2[id]");
    const mark = () => {
      const line = innerHeight / 3;
      const past = heads.filter((head) => head.getBoundingClientRect().top < line).pop();
      links.forEach((link, id) => {
        if (past && past.id === id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  // An address inside something folded opens it: the references, for one.
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details.folded");
    if (folded && !folded.open) { folded.open = true; target.scrollIntoView({ behavior: "instant" }); }
  };
  addEventListener("hashchange", unfold);
  addEventListener("beforeprint", () => all("details.folded").forEach((block) => { block.open = true; }));
  unfold();

  // Escape takes away the meaning of a word that stands over others, until the word is come to again.
  const terms = all(".term");
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") terms.forEach((term) => term.classList.add("closed"));
  });
  terms.forEach((term) => ["pointerenter", "focusin"].forEach((kind) => {
    term.addEventListener(kind, () => term.classList.remove("closed"));
  }));

  // The picture of a figure, saved from the page itself.
  all("figure:not(.drawn) a.picture").forEach((link) => {
    link.href = link.closest("figure").querySelector("img").src;
    link.hidden = false;
  });

  // The citation of a figure, to the clipboard.
  all("button.copy").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = button.parentElement.querySelector(".citation");
      try {
        await navigator.clipboard.writeText(text.textContent.trim());
        button.textContent = button.dataset.copied;
      } catch {
        getSelection().selectAllChildren(text);
        button.textContent = button.dataset.selected;
      }
    });
  });

  // Long tables sort by a click on a heading.
  const value = (row, column) => row.children[column].textContent.trim();
  const lang = document.documentElement.lang;
  const decimal = (0.5).toLocaleString(lang)[1];
  const digits = (part) => part.replace(/[^-\d]/g, "");
  const number = (text) => (/^[-+−]?[\d.,\u00a0\u202f]+\s?%?$/.test(text)
    ? parseFloat(text.replace("−", "-").split(decimal).map(digits).join(".")) : NaN);
  const compare = (a, b) => {
    if (a === "–" || b === "–") return (a === "–") - (b === "–");
    const [x, y] = [number(a), number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, lang) : x - y;
  };
  all("figure.table table").filter((table) => table.tBodies[0].rows.length >= 8).forEach((table) => {
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => compare(value(a, column), value(b, column)) * (up ? 1 : -1));
        table.tBodies[0].append(...rows);
      });
    });
  });
})();
