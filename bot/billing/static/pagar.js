// Copy buttons. Without this script the codes can be selected by hand.
"use strict";

const DONE = "Copiado! Agora cole no aplicativo do seu banco.";
const BY_HAND = "Segure o código marcado e escolha Copiar.";
const feedback = document.querySelector(".feedback");

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(button) {
  const code = document.getElementById(button.dataset.copy);
  const text = code.dataset.value || code.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    select(code);
    if (!document.execCommand("copy")) {
      feedback.textContent = BY_HAND;
      return;
    }
  }
  feedback.textContent = DONE;
  const label = button.textContent;
  button.textContent = "Copiado ✓";
  button.classList.add("done");
  button.disabled = true;
  setTimeout(() => {
    button.textContent = label;
    button.classList.remove("done");
    button.disabled = false;
    feedback.textContent = "";
  }, 4000);
}

// On a wide screen the QR is what one scans with the phone.
if (window.matchMedia("(min-width: 720px)").matches) {
  for (const qr of document.querySelectorAll("details.qr")) {
    qr.open = true;
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
