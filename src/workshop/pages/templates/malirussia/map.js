// One year of the map at a time; without this the last year stands.
(() => {
  const form = document.querySelector("#year");
  const input = form.elements.year;
  const show = () => {
    const holds = (one) => one.dataset.first <= input.value && one.dataset.final >= input.value;
    document.querySelectorAll("#map [data-first]").forEach((one) => one.classList.toggle("off", !holds(one)));
    document.querySelectorAll(".force").forEach((one) => one.classList.toggle("past", !holds(one)));
    form.querySelector("output").textContent = input.value;
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", show);
  show();
})();
