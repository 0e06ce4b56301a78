// Times, sizes and phones as Brazilians read them.

const ZONE = { timeZone: "America/Sao_Paulo" };
const CLOCK = new Intl.DateTimeFormat("pt-BR", { ...ZONE, hour: "2-digit", minute: "2-digit" });
const SECONDS = new Intl.DateTimeFormat("pt-BR", { ...ZONE, timeStyle: "medium" });
const DATE = new Intl.DateTimeFormat("pt-BR", { ...ZONE, dateStyle: "short" });
const LONG = new Intl.DateTimeFormat("pt-BR", { ...ZONE, day: "numeric", month: "long", year: "numeric" });
const DAY_KEY = new Intl.DateTimeFormat("en-CA", ZONE);

const date = (seconds) => new Date(seconds * 1000);

export const clock = (seconds) => CLOCK.format(date(seconds));
export const clockWithSeconds = (seconds) => SECONDS.format(date(seconds));
export const dateAndClock = (seconds) => `${DATE.format(date(seconds))} ${clockWithSeconds(seconds)}`;

/** 2026-11-22: the same for all moments of one day, and in the order of days. */
export const dayKey = (seconds) => DAY_KEY.format(date(seconds));

export function dayLabel(seconds) {
  const now = Date.now() / 1000;
  if (dayKey(seconds) === dayKey(now)) return "Hoje";
  if (dayKey(seconds) === dayKey(now + 86400)) return "Amanhã";
  if (dayKey(seconds) === dayKey(now - 86400)) return "Ontem";
  return LONG.format(date(seconds));
}

/** For the list of chats: the hour today, else the day. */
export function shortTime(seconds) {
  const label = dayLabel(seconds);
  if (label === "Hoje") return clock(seconds);
  return label === "Ontem" ? label : DATE.format(date(seconds));
}

export const duration = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
}

/** +55 11 98765-4321 */
export function phone(digits) {
  const parts = /^55(\d\d)(\d{4,5})(\d{4})$/.exec(digits ?? "");
  return parts ? `+55 ${parts[1]} ${parts[2]}-${parts[3]}` : `+${digits}`;
}
