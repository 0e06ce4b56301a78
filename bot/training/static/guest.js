// A guest's phone: the words go, the answer comes into view.
"use strict";
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id === "say" && event.detail.successful) event.target.reset();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "talk") return;
  event.target.scrollTop = event.target.scrollHeight;
  document.getElementById("words").focus();
});
