/** What a screen needs of its device: that it does not fall asleep, and that the pointer is out of the way. */

/** Keeps the display on while the page is seen, where the browser allows it. Returns what lets it sleep again. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;

  async function ask(): Promise<void> {
    if (document.visibilityState !== "visible" || over) return;
    // Refused on a low battery, or where pages may not: then it sleeps as the device is set.
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (over) void lock?.release();
  }

  const seen = () => void ask();
  document.addEventListener("visibilitychange", seen);
  void ask();
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", seen);
    void lock?.release();
  };
}

/** Says whether the pointer has rested for a while. Returns what ends it. */
export function watchPointer(rests: (resting: boolean) => void, after = 4000): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function moved(): void {
    rests(false);
    clearTimeout(timer);
    timer = setTimeout(() => rests(true), after);
  }

  const events = ["pointermove", "pointerdown", "keydown"] as const;
  for (const event of events) addEventListener(event, moved);
  moved();
  return () => {
    clearTimeout(timer);
    for (const event of events) removeEventListener(event, moved);
  };
}
