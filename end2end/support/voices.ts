// Made-up voices, as a file that Chromium plays as if a microphone heard it.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const RATE = 48_000;
/** Seconds for which each speaks. */
const TURN = 6;

/** Resonances (Hz) of an open mouth. */
const MOUTH = [600, 1_400, 2_600];

const loudness = (hz: number) => 0.1 + MOUTH.reduce((sum, peak) => sum + 1 / (1 + ((hz - peak) / 120) ** 2), 0);

/** Writes a file in which voices of these pitches (Hz) speak in turn: harmonics of a tone that rises and falls, in words with pauses. */
export function voices(pitches: number[]): string {
  const samples = new Int16Array(pitches.length * TURN * RATE);
  let phase = 0;
  for (let place = 0; place < samples.length; place += 1) {
    const time = place / RATE;
    const pitch = pitches[Math.floor(time / TURN) % pitches.length] * 2 ** ((1.5 * Math.sin(time * 4.1)) / 12);
    phase += pitch / RATE;
    // Words of 0.8 s that begin and end softly.
    const word = Math.max(0, Math.sin((time / 0.8) * Math.PI) ** 2 - 0.1);
    let sample = 0;
    for (let harmonic = 1; harmonic * pitch < 4_000; harmonic += 1) {
      sample += (loudness(harmonic * pitch) / harmonic) * Math.sin(2 * Math.PI * harmonic * phase);
    }
    samples[place] = 6_000 * word * sample;
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  // PCM, one channel of 16 bits.
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.byteLength, 40);
  const file = join(mkdtempSync(join(tmpdir(), "voices-")), "voices.wav");
  writeFileSync(file, Buffer.concat([header, Buffer.from(samples.buffer)]));
  return file;
}
