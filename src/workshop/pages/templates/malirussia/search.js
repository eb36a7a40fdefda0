// What there is to find stands in the page: all words must occur, a title counts most, a word before its part.
(() => {
  const form = document.querySelector("#search");
  const list = document.querySelector("#found");
  const { entries, kinds } = JSON.parse(document.querySelector("#index").textContent);
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const index = entries.map(([kind, title, href, more]) => ({ kind, title, href, head: plain(title), all: plain(`${title} ${more}`) }));
  const most = 60;
  const score = (entry, words) => {
    let sum = 0;
    for (const word of words) {
      if (!entry.all.includes(word)) return 0;
      const whole = new RegExp(`(^|[^\\p{L}\\p{N}])${word.replace(/[^\p{L}\p{N}]/gu, "\\$&")}`, "u");
      sum += 1 + 2 * entry.head.includes(word) + 2 * whole.test(entry.all);
    }
    return sum;
  };
  const show = () => {
    const wanted = new FormData(form);
    const words = plain(wanted.get("words")).split(/\s+/).filter(Boolean);
    const kind = wanted.get("kind");
    const found = words.length ? index.filter((entry) => !kind || entry.kind === kind)
      .map((entry) => [score(entry, words), entry]).filter(([sum]) => sum).sort((a, b) => b[0] - a[0]) : [];
    list.replaceChildren(...found.slice(0, most).map(([, entry]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      item.className = "item";
      link.href = entry.href;
      link.textContent = entry.title;
      item.append(link, ` (${kinds[entry.kind]})`);
      return item;
    }));
    const out = form.querySelector("output");
    const said = found.length > most ? out.dataset.more : out.dataset.of;
    out.textContent = words.length ? said.replace("{count}", found.length).replace("{shown}", most) : "";
  };
  form.className = "filter";
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", show);
  show();
})();
