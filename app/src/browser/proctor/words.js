// What a candidate is told, in words that help.

const OUTDATED = "This page is older than the server. Please load it anew; what you wrote is kept.";

const ADVICE = {
  loading: "Getting ready to look at the picture…",
  starting: "Waiting for the picture…",
  hidden: "Waiting for the picture…",
  off: "Without a camera there is no picture of your face. You can go on.",
  blind: "The picture cannot be looked at right now. You can go on; only other signs are noted.",
  broken: "The picture cannot be looked at right now. You can go on.",
  outdated: OUTDATED,
  nobody: "Your face is not seen yet. Please sit in front of the camera.",
  several: "More than one face is seen. Please be alone in the picture.",
  dark: "It is too dark. Please switch on a light.",
  dim: "It is a little dark. More light on your face would help.",
  bright: "It is too bright. Please turn away from the window or the lamp.",
  blurred: "The picture is blurred. Please wipe the lens or sit still for a moment.",
  covered: "The camera is covered. Please uncover it.",
  frozen: "The picture stands still. Please switch the camera off and on.",
  doubtful: "Your face cannot be made out. Please sit in the middle of the picture, with light on your face.",
  far: "Please come a little closer.",
  aside: "Please move to the middle of the picture.",
  turned: "Please look at the screen.",
  good: "Your face is seen well. Stay like this for a moment.",
};

const HELP = {
  no_face: "We cannot see you. Please sit in front of the camera.",
  several_faces: "More than one person is in the picture. Please be alone.",
  looking_away: "Please look at the screen.",
  too_dark: "It is too dark to see you. Please switch on a light.",
  too_bright: "The picture is too bright. Please turn away from the window or the lamp.",
  too_blurred: "The picture is blurred. Please wipe the lens.",
  covered: "The camera is covered. Please uncover it.",
  frozen: "Your camera's picture stands still. Please switch the camera off and on.",
  face_unclear: "We cannot make out your face. Please sit in the middle of the picture, with light on your face.",
  window_exit: "You left this window. Please stay here until you are done.",
  fullscreen_left: "You left full screen. Please go back to it.",
  devtools: "Please close the browser's tools.",
  more_screens: "Another screen is connected. Please switch it off.",
  share_ended: "Your screen is not shared. Please share it.",
  partial_share: "Please share the whole screen, not a part of it.",
  camera_off: "Your camera is off. Please switch it on.",
  microphone_off: "Your microphone is off. Please switch it on.",
  copy: "Copying is noted.",
  cut: "Cutting out text is noted.",
  paste: "Pasted text is noted. Please write in your own words.",
  print: "Printing is noted.",
  camera_changed: "Another camera is in use now. That is noted.",
  microphone_changed: "Another microphone is in use now. That is noted.",
  voices: "Several voices are heard. Please be alone.",
  loud_room: "It is loud around you. A quieter place would help.",
};

/** How to be seen well, and whether the picture of the face was taken. */
export const advice = (sight, captured) =>
  captured ? "The picture of your face was taken." : (ADVICE[sight] ?? ADVICE.starting);

/** What is to be mended, the most important first; and whether the server notes it. */
export function help(warnings, verdict) {
  const sentence = (kind) => HELP[kind] && HELP[kind] + (verdict.includes(kind) ? " It is being noted." : "");
  return warnings.map(sentence).filter(Boolean);
}

/** What the page notices reaches nobody: the channel is gone, or never stood. */
export const UNREPORTED =
  "There is no live connection, so nothing can be reported. You can go on; the hiring team sees for how long.";

const STANDING = {
  blind: "Your picture cannot be looked at right now. The interview goes on; only other signs are noted.",
  broken: "Proctoring does not work at the moment. The interview goes on; the hiring team sees that.",
  outdated: OUTDATED,
};

/** How proctoring stands, where nothing is to be mended. */
export const standing = (sight) => STANDING[sight] ?? "Proctoring is on.";
