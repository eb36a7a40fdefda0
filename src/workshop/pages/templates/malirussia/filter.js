// A long list is narrowed by words and choices, and put in order. Without this it is whole.
(() => {
  const form = document.querySelector("form.filter");
  if (!form) return;
  const items = [...document.querySelectorAll(".item")];
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const texts = new Map(items.map((item) => [item, plain(item.textContent)]));
  const groups = [...document.querySelectorAll(".group")];
  const out = form.querySelector("output");
  const fits = (item, name, wanted) => {
    if (!wanted) return true;
    if (name === "words") return plain(wanted).split(/\s+/).every((word) => texts.get(item).includes(word));
    if (name === "from") return item.dataset.year >= wanted;
    if (name === "to") return item.dataset.year <= wanted;
    return name === "sort" || item.dataset[name].split(" ").includes(wanted);
  };
  const apply = () => {
    const wanted = [...new FormData(form)];
    let shown = 0;
    items.forEach((item) => {
      item.hidden = !wanted.every(([name, value]) => fits(item, name, value));
      shown += !item.hidden;
    });
    groups.forEach((group) => { group.hidden = !group.querySelector(".item:not([hidden])"); });
    out.textContent = out.dataset.of.replace("{count}", shown).replace("{total}", items.length);
  };
  const order = (key) => {
    const value = (item) => Number(item.dataset[key] || 0);
    const list = items[0].parentElement;
    list.append(...[...items].sort((a, b) => (key ? value(a) - value(b) : items.indexOf(a) - items.indexOf(b))));
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target.name === "sort") order(event.target.value);
    apply();
  });
  form.hidden = false;

  // An address leads to an open entry, whatever the list was narrowed to.
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const item = target && target.closest(".item");
    if (!item) return;
    item.hidden = false;
    item.querySelectorAll("details").forEach((block) => { block.open = true; });
    item.scrollIntoView({ behavior: "instant" });
  };
  addEventListener("hashchange", open);
  open();
})();
