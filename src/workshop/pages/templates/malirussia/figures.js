"use strict";
// Marks of a figure answer to pointer, touch and arrow keys; without this each still has its title.
(() => {
  const NEAR = 28; // pixels from which a mark is found
  const all = (query, root) => [...root.querySelectorAll(query)];
  const middle = (rect) => { const box = rect.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };

  all("figure.drawn", document).forEach((figure) => {
    const box = figure.querySelector(".screens");
    const tip = document.createElement("p");
    tip.className = "tip";
    tip.setAttribute("role", "status");
    box.append(tip);
    let touched = null;
    let alone = null;

    // The layout that is seen, its marks from left to right; their titles would show twice.
    const marks = () => {
      const svg = all("svg", box).find((one) => one.getClientRects().length);
      return all(".points rect", svg).filter((rect) => !rect.classList.contains("dim")).map((rect) => {
        const title = rect.querySelector("title");
        if (title) {
          rect.dataset.says = title.textContent;
          title.remove();
        }
        return rect;
      });
    };

    const leave = () => {
      if (touched) touched.classList.remove("touched");
      touched = null;
      tip.textContent = "";
    };

    const touch = (rect) => {
      if (rect === touched) return;
      leave();
      if (!rect) return;
      touched = rect;
      rect.classList.add("touched");
      tip.textContent = rect.dataset.says;
      const [frame, [x], mark] = [box.getBoundingClientRect(), middle(rect), rect.getBoundingClientRect()];
      const left = Math.min(Math.max(0, x - frame.x - tip.offsetWidth / 2), frame.width - tip.offsetWidth);
      const above = mark.y - frame.y - tip.offsetHeight - 6;
      tip.style.left = `${left}px`;
      tip.style.top = `${above > 0 ? above : mark.bottom - frame.y + 6}px`;
    };

    const nearest = (x, y, list, scale = 1) => {
      let [best, distance] = [null, Infinity];
      list.forEach((rect) => {
        const area = rect.getBoundingClientRect();
        const gap = Math.hypot(Math.max(area.left - x, 0, x - area.right), scale * Math.max(area.top - y, 0, y - area.bottom));
        if (gap < distance) [best, distance] = [rect, gap];
      });
      return [best, distance];
    };

    const point = (event) => {
      const [rect, distance] = nearest(event.clientX, event.clientY, marks());
      touch(distance <= NEAR ? rect : null);
    };
    box.addEventListener("pointermove", point);
    box.addEventListener("pointerdown", point);
    box.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") leave(); });
    box.addEventListener("blur", leave);

    if (box.querySelector(".points")) box.tabIndex = 0;
    box.addEventListener("keydown", (event) => {
      const list = marks().sort((a, b) => middle(a)[0] - middle(b)[0] || middle(a)[1] - middle(b)[1]);
      if (event.key === "Escape") leave();
      const same = touched ? list.filter((rect) => rect.dataset.s === touched.dataset.s) : list;
      const at = same.indexOf(touched);
      const others = () => {
        const [x, y] = middle(touched);
        const up = event.key === "ArrowUp";
        const there = list.filter((rect) => rect !== touched && (up ? middle(rect)[1] < y : middle(rect)[1] > y));
        return there.sort((a, b) => {
          const far = (rect) => 4 * Math.abs(middle(rect)[0] - x) + Math.abs(middle(rect)[1] - y);
          return far(a) - far(b);
        })[0];
      };
      const to = {
        ArrowRight: () => same[at + 1], ArrowLeft: () => same[at - 1], Home: () => same[0], End: () => same.at(-1),
        ArrowUp: () => touched && others(), ArrowDown: () => touched && others(),
      }[event.key];
      if (!to) return;
      event.preventDefault();
      const next = touched ? to() : list[0];
      if (next) touch(next);
    });

    // One series alone, by its button or by its name in the picture.
    const buttons = all(".series button", figure);
    const single = (number) => {
      alone = number === alone ? null : number;
      leave();
      all("[data-s]", box).forEach((one) => one.classList.toggle("dim", alone !== null && one.dataset.s !== alone));
      buttons.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.s === alone)));
    };
    buttons.forEach((button) => {
      button.closest("p").hidden = false;
      button.addEventListener("click", () => single(button.dataset.s));
    });
    box.addEventListener("click", (event) => {
      const group = event.target.closest("text") && event.target.closest("g[data-s]");
      if (group && String(getSelection()) === "") single(group.dataset.s);
    });

    // The picture to save: the wide layout between its title and its sources, with the font that the page carries.
    const whole = () => {
      const svg = figure.querySelector(".wide svg").cloneNode(true);
      all(".points, title", svg).forEach((one) => one.remove());
      all(".dim", svg).forEach((one) => one.classList.remove("dim"));
      const [, top, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
      const text = (said, size, y, letters, bold) => {
        const lines = said.replace(/\s+/g, " ").trim().match(new RegExp(`.{1,${letters}}(\\s|$)`, "g")) || [said];
        const one = document.createElementNS(svg.namespaceURI, "text");
        Object.entries({ "font-size": size, x: 6, fill: bold ? "#222222" : "#6e6e6e", ...(bold ? { "font-weight": "bold" } : {}) })
          .forEach(([name, value]) => one.setAttribute(name, value));
        lines.forEach((line, number) => {
          const part = document.createElementNS(svg.namespaceURI, "tspan");
          part.setAttribute("x", 6);
          part.setAttribute("y", y(number, lines.length));
          part.textContent = line.trim();
          one.append(part);
        });
        svg.append(one);
        return lines.length;
      };
      const said = (query) => figure.querySelector(query).textContent;
      const under = text(said(".figure-subtitle"), 9.5, (n, of) => top - 10 - 12 * (of - 1 - n), 100);
      const over = text(said(".figure-title"), 12.5, (n, of) => top - 14 - 12 * under - 16 * (of - 1 - n), 74, true);
      const below = text(said(".source-line"), 7.5, (n) => top + height + 12 + 10 * n, 130);
      text(said(".mark"), 7.5, () => top + height + 14 + 10 * below, 130);
      const head = 14 + 12 * under + 16 * over;
      const view = [0, top - head, width, height + head + 20 + 10 * below];
      svg.setAttribute("viewBox", view.join(" "));
      svg.setAttribute("width", Math.round(view[2] * 4 / 3));
      svg.setAttribute("height", Math.round(view[3] * 4 / 3));
      const faces = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSFontFaceRule);
      const first = document.createElementNS(svg.namespaceURI, "style");
      first.textContent = faces.map((rule) => rule.cssText).join("\n");
      const paper = document.createElementNS(svg.namespaceURI, "rect");
      Object.entries({ x: 0, y: view[1], width: view[2], height: view[3], fill: "#ffffff" })
        .forEach(([name, value]) => paper.setAttribute(name, value));
      svg.prepend(first, paper);
      return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
    };
    const [asSvg, asPng] = ["a.svg", "a.picture"].map((query) => figure.querySelector(query));
    [asSvg, asPng].forEach((link) => { link.hidden = false; });
    asSvg.addEventListener("click", () => { asSvg.href = whole(); });
    asPng.addEventListener("click", (event) => {
      if (asPng.href.startsWith("data:")) return;
      event.preventDefault();
      const image = new Image();
      image.onload = () => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        asPng.href = canvas.toDataURL("image/png");
        asPng.click();
      };
      image.src = whole();
    });
  });
})();
