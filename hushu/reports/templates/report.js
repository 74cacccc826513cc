document.querySelectorAll("[data-filter]").forEach(function (grid) {
  var box = document.createElement("input");
  box.type = "search";
  box.className = "filter";
  box.placeholder = grid.dataset.filter;
  box.setAttribute("aria-label", grid.dataset.filter);
  box.addEventListener("input", function () {
    var wanted = box.value.trim().toLowerCase();
    grid.querySelectorAll("tbody tr").forEach(function (row) {
      row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
    });
  });
  grid.before(box);
});
window.addEventListener("beforeprint", function () {
  document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  document.querySelectorAll("tr[hidden]").forEach(function (row) { row.hidden = false; });
});
function unfold() {
  var part = location.hash && document.getElementById(location.hash.slice(1));
  if (part && part.tagName === "DETAILS") { part.open = true; }
}
window.addEventListener("hashchange", unfold);
unfold();
