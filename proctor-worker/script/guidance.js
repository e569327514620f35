// How well a candidate is seen, for words that help to be seen better.

/** A face is large enough from this part of the picture's width on. */
const SMALLEST = 0.1;

/** Its middle is to be so far from the picture's sides, as a part of them. */
const MARGIN = 0.22;

/** Degrees up to which a head faces the camera. */
const TURNED = 25;

/** A picture with a face in it is bright enough from here on, of 255. */
const DIM = 40;

const UNCLEAR = {
  TooDark: "dark",
  TooBright: "bright",
  TooBlurred: "blurred",
  Covered: "covered",
  Frozen: "frozen",
  Doubtful: "doubtful",
};

/** The most helpful word on a sight: what stands in the way first. */
export function guide({ look, faces, brightness }) {
  if (look.CannotTell) return UNCLEAR[look.CannotTell] ?? "starting";
  const count = look.Clear.faces;
  if (count === 0) return "nobody";
  if (count > 1) return "several";
  const [face] = faces;
  if (!face) return "nobody";
  if (brightness < DIM) return "dim";
  if (face.width < SMALLEST) return "far";
  const x = face.x + face.width / 2;
  const y = face.y + face.height / 2;
  if (x < MARGIN || x > 1 - MARGIN || y < MARGIN || y > 1 - MARGIN) return "aside";
  const { head } = look.Clear;
  if (!head || Math.abs(head.yaw) > TURNED || Math.abs(head.pitch) > TURNED) return "turned";
  return "good";
}
