// Improves pages that work without it: the menu closes on Escape, and what a swap brought is announced.
"use strict";
const live = document.getElementById("live");
document.addEventListener("htmx:afterSwap", () => {
  const said = document.querySelector("#job [role=status]");
  if (said && live && live.textContent !== said.textContent) live.textContent = said.textContent;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
const target = location.hash && document.getElementById(location.hash.slice(1));
const answer = target && target.querySelector(":scope > details");
if (answer) answer.open = true;
