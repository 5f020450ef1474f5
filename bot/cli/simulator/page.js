// Follows the chat without a reload. Without this file the page works by its forms and links.
"use strict";

const TOAST_MS = 4000;
let shownToasts = 0;
let toastUntil = 0;
const seenMessages = new Set();

const parts = () => document.getElementById("parts");
const chat = () => document.getElementById("chat");

function settle() {
  const main = chat();
  main.scrollTop = main.scrollHeight;
  for (const item of main.querySelectorAll("li[id]")) seenMessages.add(item.id);
  const toast = main.querySelector(".toast");
  if (!toast) return;
  if (Number(toast.dataset.count) > shownToasts) {
    shownToasts = Number(toast.dataset.count);
    toastUntil = Date.now() + TOAST_MS;
  }
  const left = toastUntil - Date.now();
  if (left > 0) setTimeout(() => toast.classList.add("old"), left);
  else toast.classList.add("old");
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("parts");
  if (!fresh || fresh.dataset.version === parts().dataset.version) return;
  const field = document.querySelector(".write input");
  const kept = fresh.querySelector(".write input");
  const typing = document.activeElement === field;
  const open = [...document.querySelectorAll("details")].map((one) => one.open);
  if (field && kept) fresh.querySelector("footer").replaceWith(document.querySelector("footer"));
  parts().replaceWith(fresh);
  document.querySelectorAll("details").forEach((one, at) => { one.open = open[at] ?? false; });
  for (const id of seenMessages) {
    const item = document.getElementById(id);
    if (item) item.style.animation = "none";
  }
  const now = document.querySelector(".write input");
  if (now && (typing || !field)) now.focus();
  settle();
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch("/view?seen=" + parts().dataset.version, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.text());
    } catch {
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = event.submitter;
  const body = new URLSearchParams(new FormData(form, button));
  form.closest("details")?.removeAttribute("open");
  const text = form.querySelector("input[name=text]:not([type=hidden])");
  if (text) text.value = "";
  try {
    await fetch(form.action, { method: "POST", body, mode: "cors" });
  } catch {
    location.reload();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of document.querySelectorAll("details[open]")) one.open = false;
});

settle();
follow();
