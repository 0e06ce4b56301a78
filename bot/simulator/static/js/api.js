// The control API of the simulator (see bot/simulator/app.py).

async function call(path, options = {}) {
  const response = await fetch(`/simulator${path}`, options);
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Error(answer?.detail ?? `Erro ${response.status}`);
  return answer;
}

function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return call(path, { method: "POST", headers, body: JSON.stringify(body) });
}

const of = (key) => `/customers/${encodeURIComponent(key)}`;

export const customers = () => call("/customers");
export const messages = (key) => call(`${of(key)}/messages`);
export const say = (key, message) => post(`${of(key)}/messages`, message);
export const read = (key) => post(`${of(key)}/read`);
export const act = (key, action) => post(`${of(key)}/actions`, { action });
export const faults = () => call("/faults");
export const arm = (wanted) => post("/faults", wanted);
export const disarm = () => call("/faults", { method: "DELETE" });
export const codes = () => call("/codes");
export const log = () => call("/log");
export const reset = () => post("/reset");
export const fileUrl = (id) => `/simulator/media/${id}`;

/** Uploads a file; answers {id, kind}. */
export function upload(key, file) {
  const body = new FormData();
  body.append("file", file);
  return call(`${of(key)}/media`, { method: "POST", body });
}

/** Calls `on[event](data)` for every event, `on.open()` at each connection. */
export function listen(on) {
  const source = new EventSource("/simulator/events");
  source.addEventListener("open", () => on.open());
  for (const [name, handler] of Object.entries(on)) {
    if (name !== "open") source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
}
