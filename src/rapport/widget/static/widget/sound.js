// A quiet tone for a new message; off until the customer turns it on.

import { recall, remember } from "./storage.js";

let context = null;

export function hasSound() {
  return recall("sound") === true;
}

export function toggleSound() {
  remember("sound", !hasSound());
  if (hasSound()) playTone();
}

export function playTone() {
  if (!hasSound()) return;
  try {
    context ??= new AudioContext();
    const at = context.currentTime;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.setValueAtTime(660, at);
    tone.frequency.setValueAtTime(880, at + 0.09);
    volume.gain.setValueAtTime(0.06, at);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.36);
  } catch {
    // No sound device, or not yet allowed to play.
  }
}
