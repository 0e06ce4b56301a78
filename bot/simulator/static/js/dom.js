// Building elements. Text is always text: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("button", {class: "x", onclick: f, "aria-label": "y"}, child, "text", null)`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon of the sprite in the page; with a label it is read aloud, else hidden. */
export function icon(name, className = "icon", label = null) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** The letters and colour that stand for a person without a picture. */
export function avatar(name, className = "avatar") {
  const words = name.split(/\s+/).filter((word) => /\p{Lu}/u.test(word[0]));
  const letters = words.length > 1 ? words[0][0] + words.at(-1)[0] : name[0];
  const hue = [...name].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 360, 7);
  const element = h("span", { class: className, "aria-hidden": "true" }, letters);
  element.style.setProperty("--hue", hue);
  return element;
}
