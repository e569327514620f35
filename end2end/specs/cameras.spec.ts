// Made-up cameras: what browser and server see of them, and what is flagged.
import { Candidate } from "../pages/candidate.ts";
import { type Film, film, films, watching } from "../support/camera.ts";
import { expect, test } from "../support/fixtures.ts";
import { until } from "../support/wait.ts";

const questions = [{ text: "What do you see from your window?" }];

// What is seen is the point here, not what is watched live.
test.use({ livekit: false });

const NOTED = { timeout: 60_000 };

/** Flags come sooner than usual, so that a test need not wait for them, and what is none has to be none that soon. */
const soon = { warn_after_ms: 1_000, flag_after_ms: 2_500, escalate_after_ms: null };
const kinds = ["no_face", "several_faces", "looking_away", "too_dark", "too_bright", "too_blurred", "covered", "frozen", "face_unclear"];

/** Looks aside count from a smaller angle than usual: the photograph's. */
const policy = { away: { yaw: 18 }, rules: Object.fromEntries(kinds.map((kind) => [kind, soon])) };

/**
 * What is before the camera, what is flagged of it and nothing else, and what the candidate is told meanwhile. How a picture in
 * the dark is unclear depends on how the browser stretches its few shades: then one of several kinds is right.
 */
const scenes: { film: keyof typeof films; flagged: string[]; or?: string[]; says?: RegExp }[] = [
  { film: "one", flagged: [] },
  { film: "nobody", flagged: ["no_face"], says: /sit in front of the camera/ },
  { film: "two", flagged: ["several_faces"] },
  { film: "aside", flagged: ["looking_away"] },
  { film: "dark", flagged: ["too_dark"], or: ["too_blurred", "covered", "face_unclear"] },
  { film: "covered", flagged: ["covered"], says: /camera is covered/ },
  { film: "frozen", flagged: ["frozen"] },
];

for (const { film: name, flagged, or = [], says } of scenes) {
  test(`a camera that shows "${name}": ${flagged.join(", ") || "nothing"} is flagged`, async ({ world, browser }) => {
    const jobId = await world.api.job({ title: "Window cleaner", questions, proctoring: { policy } });
    const made = await world.api.create({ name: `Cam ${name}`, questions, proctored: true, textTimer: 600, jobId });
    const scene: Film = films[name];
    const camera = await watching(await film(browser, { film: scene, seconds: scene.frozen ? 1 : 3 }));
    try {
      const context = await camera.newContext({ permissions: ["camera", "microphone"] });
      const candidate = new Candidate(await context.newPage(), made.joinUrl);
      await candidate.open();
      await candidate.begin(questions[0].text);
      await expect(candidate.watched).not.toHaveText("Proctoring starts…", NOTED);
      if (says) await expect(candidate.watched).toContainText(says, NOTED);
      // Long enough for two checks by the server, which see the same.
      const checked = async () => (await world.api.checks(made.id)) >= 2;
      const why = async () => JSON.stringify(await world.api.violations(made.id));
      const isFlagged = async () => flagged.length === 0 || (await world.api.flagged(made.id)).length > 0;
      await until("what is seen is flagged", isFlagged, NOTED);
      await until("the server has looked, too", checked, NOTED);
      const found = (await world.api.flagged(made.id)).map((kind) => (or.includes(kind) ? flagged[0] : kind));
      expect([...new Set(found)], await why()).toEqual(flagged);
      if (flagged.length > 0) {
        const withPictures = async () => (await world.api.violations(made.id)).some(({ stills }) => stills.length > 0);
        await until("there is evidence", withPictures, NOTED);
      } else {
        expect((await world.api.session(made.id)).session.reference_face_captured).toBe(true);
      }
    } finally {
      await camera.close();
    }
  });
}
