// A page's stay in a LiveKit room: as the candidate who is seen, or as a hidden observer.
// The client library is a chunk of its own, loaded on the first stay.
import { onChange, tracks } from "./devices.js";

let leaveNow = () => {};

/** Leaves the room that this page is in, if any. */
export const leave = () => leaveNow();

/**
 * Sends the camera and the microphone until the connection ends for good.
 * Answers why it ended: "left", "lost" or "elsewhere".
 */
export function publish(url, token, onState) {
  return stay(url, token, onState, (livekit, room) => {
    const sent = new Map();
    // One step after the other, so that a device that comes and goes quickly is not sent twice.
    let queue = Promise.resolve();
    const sync = () => {
      queue = queue.then(() => send(livekit, room, sent)).catch((error) => console.warn("publishing failed", error));
    };
    const stop = onChange(sync);
    return {
      connected() {
        onState("live");
        sync();
      },
      reconnected: () => onState("live"),
      close() {
        stop();
        for (const { copy } of sent.values()) copy.stop();
      },
    };
  });
}

async function send(livekit, room, sent) {
  const live = new Set(tracks());
  for (const [track, { copy }] of sent) {
    if (live.has(track)) continue;
    sent.delete(track);
    await room.localParticipant.unpublishTrack(copy, true);
  }
  for (const track of live) {
    if (sent.has(track)) continue;
    // A copy, because the client stops what it sends when it disconnects, and the self view goes on.
    const copy = track.clone();
    sent.set(track, { copy });
    const camera = track.kind === "video";
    await room.localParticipant.publishTrack(copy, {
      source: camera ? livekit.Track.Source.Camera : livekit.Track.Source.Microphone,
      simulcast: false,
      videoEncoding: { maxBitrate: 450_000, maxFramerate: 20 },
    });
  }
}

/**
 * Plays what the candidate sends in `video` until the connection ends for good.
 * Answers why it ended: "left" or "lost".
 */
export function watch(url, token, video, onState) {
  return stay(url, token, onState, (livekit, room) => {
    const received = new MediaStream();
    video.srcObject = received;
    const report = () => onState(received.getVideoTracks().length > 0 ? "live" : "waiting");
    // Attached by hand: the client's own way would switch the sound on.
    const add = (track) => {
      received.addTrack(track.mediaStreamTrack);
      video.play().catch(() => {});
      report();
    };
    const remove = (track) => {
      received.removeTrack(track.mediaStreamTrack);
      report();
    };
    room.on(livekit.RoomEvent.TrackSubscribed, add).on(livekit.RoomEvent.TrackUnsubscribed, remove);
    return {
      connected: report,
      reconnected: report,
      close() {
        video.srcObject = null;
      },
    };
  });
}

export function setMuted(video, muted) {
  video.muted = muted;
  if (!muted) video.play().catch(() => {});
}

async function stay(url, token, onState, furnish) {
  leave();
  let room;
  let parts;
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  const leaveThis = () => end("left");
  leaveNow = leaveThis;
  const enter = async () => {
    const livekit = await import("livekit-client");
    if (leaveNow !== leaveThis) return;
    const { RoomEvent, DisconnectReason } = livekit;
    livekit.setLogLevel("warn");
    room = new livekit.Room();
    room
      .on(RoomEvent.Reconnecting, () => onState("reconnecting"))
      .on(RoomEvent.Reconnected, () => parts.reconnected())
      .on(RoomEvent.Disconnected, (why) => end(why === DisconnectReason.DUPLICATE_IDENTITY ? "elsewhere" : "lost"));
    parts = furnish(livekit, room);
    await room.connect(url, token);
    parts.connected();
  };
  enter().catch((error) => {
    console.warn("the room could not be entered", error);
    end("lost");
  });
  const why = await ended;
  if (leaveNow === leaveThis) leaveNow = () => {};
  parts?.close();
  await room?.disconnect().catch(() => {});
  return why;
}
