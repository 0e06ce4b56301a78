// A voice note: play, a wave, the time.

import { h, icon } from "./dom.js";
import { duration } from "./time.js";

const BARS = 34;

/** A player for the sound at `source`; `seed` shapes its wave. */
export function player(source, seed) {
  const audio = new Audio(source);
  audio.preload = "metadata";
  const bars = wave(seed);
  const length = h("span", { class: "sound-length" }, "0:00");
  const button = h("button", { class: "sound-play", type: "button", "aria-label": "Ouvir" }, icon("play"));

  const show = () => {
    const total = Number.isFinite(audio.duration) ? audio.duration : 0;
    const played = total ? audio.currentTime / total : 0;
    bars.forEach((bar, at) => bar.classList.toggle("is-played", at < played * BARS));
    length.textContent = duration(audio.currentTime || Math.round(total));
  };
  const toggled = () => {
    button.replaceChildren(icon(audio.paused ? "play" : "pause"));
    button.setAttribute("aria-label", audio.paused ? "Ouvir" : "Pausar");
  };
  for (const event of ["durationchange", "timeupdate"]) audio.addEventListener(event, show);
  for (const event of ["play", "pause"]) audio.addEventListener(event, toggled);
  audio.addEventListener("ended", () => { audio.currentTime = 0; });
  button.addEventListener("click", () => (audio.paused ? audio.play().catch(() => {}) : audio.pause()));
  return h("div", { class: "sound" }, button, h("div", { class: "sound-wave", "aria-hidden": "true" }, bars), length);
}

function wave(seed) {
  let state = Number(String(seed).slice(-6)) || 1;
  return Array.from({ length: BARS }, () => {
    state = (state * 16807) % 2147483647;
    const bar = h("i");
    bar.style.height = `${18 + (state % 70)}%`;
    return bar;
  });
}
