/** A soft tone when somebody's turn comes: off until they switch it on, and remembered in this browser. */
const KEY = "rondo:sound";

let audio: AudioContext | null = null;

export function soundOn(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

export function setSound(on: boolean): void {
  // Without a storage the choice lasts as long as the page does.
  try {
    if (on) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
  } catch {
    return;
  }
}

/** Two low notes that swell and fade, a second in all. A browser that was not touched yet stays silent. */
export function chime(): void {
  if (!globalThis.AudioContext) return;
  audio ??= new AudioContext();
  void audio.resume().catch(() => undefined);
  note(audio, 392, 0);
  note(audio, 523.25, 0.22);
}

function note(context: AudioContext, pitch: number, after: number): void {
  const from = context.currentTime + after;
  const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
  const loudness = new GainNode(context, { gain: 0 });
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(0.12, from + 0.08);
  loudness.gain.exponentialRampToValueAtTime(0.0001, from + 0.9);
  tone.connect(loudness).connect(context.destination);
  tone.start(from);
  tone.stop(from + 1);
}
