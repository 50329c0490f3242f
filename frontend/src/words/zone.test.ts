import { afterEach, describe, expect, it } from "vitest";
import { serverClock } from "../state/clock";
import { day, fromLocalInput, hour, localInput, when } from ".";
import { dayFromNow, daysToReview, until } from "./lists";
import { tellTimesIn } from "./zone";
import type { Listed } from "../api/types";

const TIMES = Number(process.env.RONDO_ZONES ?? 1000);
const SEED = Number(process.env.RONDO_FAULTS_SEED ?? 20_261_025);
const HOUR = 3_600_000;
const BROWSER = process.env.TZ;

/** The reader is in this zone: because they chose it, or because their browser is there. */
const ways: [string, (name: string) => void][] = [
  ["chosen", (name) => tellTimesIn(name)],
  ["the browser's", (name) => void (process.env.TZ = name)],
];

afterEach(() => {
  if (BROWSER === undefined) delete process.env.TZ;
  else process.env.TZ = BROWSER;
  tellTimesIn(null);
});

describe.each(ways)("a zone that is %s", (_way, be) => {
  it.each([
    // The hour that comes twice: the later one, so that nothing is due before its time.
    ["Europe/Berlin", "2026-10-25T02:30", "2026-10-25T01:30:00.000Z"],
    ["America/New_York", "2026-11-01T01:30", "2026-11-01T06:30:00.000Z"],
    ["Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T15:15:00.000Z"],
    // Just before it, and just after.
    ["Europe/Berlin", "2026-10-25T01:59", "2026-10-24T23:59:00.000Z"],
    ["Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00.000Z"],
    ["America/New_York", "2026-11-01T00:59", "2026-11-01T04:59:00.000Z"],
    ["America/New_York", "2026-11-01T02:00", "2026-11-01T07:00:00.000Z"],
    // The hour that is left out: as long after the clocks were put forward as it is after the last minute before.
    ["Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:30:00.000Z"],
    ["America/New_York", "2027-03-14T02:30", "2027-03-14T07:30:00.000Z"],
    ["Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00.000Z"],
    ["America/Santiago", "2026-09-06T00:30", "2026-09-06T04:30:00.000Z"],
    // A whole day that was left out.
    ["Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00:00.000Z"],
    // Nothing special, but for the zone.
    ["Asia/Kathmandu", "2028-02-29T23:59", "2028-02-29T18:14:00.000Z"],
    ["Pacific/Apia", "2028-02-29T00:00", "2028-02-28T11:00:00.000Z"],
    ["UTC", "2028-02-29T12:00", "2028-02-29T12:00:00.000Z"],
  ])("in %s makes of %s the moment %s", (name, text, moment) => {
    be(name);
    expect(fromLocalInput(text)).toBe(moment);
  });

  it.each([
    ["Europe/Berlin", "2026-10-25T00:30:00Z", "02:30 UTC+02:00"],
    ["Europe/Berlin", "2026-10-25T01:30:00Z", "02:30 UTC+01:00"],
    ["Europe/Berlin", "2026-10-24T23:59:59Z", "01:59"],
    ["Europe/Berlin", "2026-10-25T02:00:00Z", "03:00"],
    ["Europe/Berlin", "2027-03-28T01:00:00Z", "03:00"],
    ["America/New_York", "2026-11-01T05:30:59Z", "01:30 UTC-04:00"],
    ["Australia/Lord_Howe", "2027-04-03T14:45:00Z", "01:45 UTC+11:00"],
    ["Australia/Lord_Howe", "2027-04-03T15:15:00Z", "01:45 UTC+10:30"],
    ["Asia/Kathmandu", "2026-10-25T01:30:00Z", "07:15"],
  ])("in %s tells %s as %s", (name, moment, told) => {
    be(name);
    expect(hour(moment)).toBe(told);
  });

  it("tells by each text one moment, and makes that moment of it again", { timeout: 5_000 + 20 * TIMES }, () => {
    for (const [name, moment] of drawn(TIMES)) {
      be(name);
      const at = new Date(moment).toISOString();
      const text = localInput(at);
      const found = Date.parse(fromLocalInput(text));
      const [, off] = hour(at).split(" UTC");
      expect(localInput(new Date(found).toISOString()), `${name} ${at}`).toBe(text);
      expect(found, `${name} ${at}: not before`).toBeGreaterThanOrEqual(moment);
      expect(found === moment || off !== undefined, `${name} ${at}: which of the two is said`).toBe(true);
      expect(fromLocalInput(text, at), `${name} ${at}: what was not touched stays`).toBe(at);
      if (off) expect(Date.parse(`${text}${off}`), `${name} ${at}`).toBe(moment);
    }
  });

  it("counts days by its own calendar, over nights of any length", () => {
    be("Pacific/Apia");
    const now = new Date("2026-11-21T12:00:00Z"); // there it is the 22nd already
    expect(dayFromNow(0, 0, now)).toBe("2026-11-22");
    expect(daysToReview(row("2026-11-23"), now)).toBe(1);
    be("America/Santiago");
    expect(daysToReview(row("2026-09-07"), new Date("2026-09-05T23:00:00Z"))).toBe(2);
  });

  it("tells the year of a day where it is not this one there", () => {
    be("Pacific/Apia");
    const now = new Date("2026-12-31T12:00:00Z"); // there it is 2027
    expect(day("2026-12-31", now)).toContain("2026");
    expect(day("2026-12-31T09:00:00Z", now)).toContain("2026");
    expect(day("2027-01-02", now)).not.toContain("2027");
  });
});

describe("a review so many months from now", () => {
  const on = (today: string, months: number) => dayFromNow(0, months, new Date(`${today}T12:00:00Z`));

  it("is on the same day of the month, or on the last one where it has no such day", () => {
    expect(on("2028-02-29", 3)).toBe("2028-05-29");
    expect(on("2028-02-29", 12)).toBe("2029-02-28");
    expect(on("2028-02-29", 48)).toBe("2032-02-29");
    expect(on("2027-08-31", 6)).toBe("2028-02-29");
    expect(on("2026-08-31", 6)).toBe("2027-02-28");
    expect(on("2026-10-31", 3)).toBe("2027-01-31");
  });

  it("is, a day on, the leap day", () => {
    expect(dayFromNow(1, 0, new Date("2028-02-28T12:00:00Z"))).toBe("2028-02-29");
    expect(dayFromNow(2, 0, new Date("2028-02-28T12:00:00Z"))).toBe("2028-03-01");
  });
});

describe.each([26, -26])("a browser whose clock is wrong by %d hours", (wrong) => {
  afterEach(() => serverClock.note(0, 0, 0, 0));

  it("tells what is late, what is today and what is tomorrow by the server's", () => {
    const server = Date.now() - wrong * HOUR;
    serverClock.note(server, server, Date.now(), Date.now());
    tellTimesIn("UTC");
    const at = (hours: number) => new Date(server + hours * HOUR).toISOString();
    expect(until(due(at(-1)))?.over).toBe(true);
    expect(until(due(at(1)))?.over).toBe(false);
    expect(when(at(0))).toBe(hour(at(0)));
    expect(when(at(26))).not.toBe(hour(at(26)));
    expect(dayFromNow(1)).toBe(at(24).slice(0, 10));
    expect(daysToReview(row(at(48).slice(0, 10)))).toBe(2);
  });
});

const row = (review_on: string) => ({ review_on }) as Listed;
const due = (due_at: string) => ({ round: { due_at } }) as Listed;

/** Moments of these years, each in some zone: half of them close to a change of its clocks. */
function* drawn(count: number): Generator<[string, number]> {
  const zones = Intl.supportedValuesOf("timeZone");
  let state = SEED;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let i = 0; i < count; i++) {
    const name = zones[random(zones.length)] ?? "UTC";
    const minute = Date.UTC(2024 + random(30), 0, 1) / 60_000 + random(525_600);
    const near = i % 2 ? changeAfter(name, minute) : undefined;
    yield [name, (near === undefined ? minute : near + random(240) - 120) * 60_000];
  }
}

/** The first minute after this one, within a year, at which the clocks of this zone are changed. */
function changeAfter(name: string, from: number): number | undefined {
  const shown = new Intl.DateTimeFormat("en", { timeZone: name, timeZoneName: "longOffset" });
  const off = (minute: number) => shown.format(minute * 60_000).split("GMT")[1];
  const begin = off(from);
  for (let low = from, step = 14 * 1440; low < from + 525_600; low += step) {
    if (off(low + step) === begin) continue;
    let high = low + step;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (off(middle) === begin) low = middle;
      else high = middle;
    }
    return high;
  }
  return undefined;
}
