// A page's stay in a LiveKit room: as the candidate who is seen, or as a hidden observer.
// The client library is a chunk of its own, loaded on the first stay.
import { onChange, tracks } from "./devices.js";
import { onShare, shared } from "./share.js";

let leaveNow = () => {};

/** Leaves the room that this page is in, if any. */
export const leave = () => leaveNow();

/**
 * Sends the camera, the microphone and, where it is shared, the screen until the connection ends for good.
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
    const up = () => {
      onState("live");
      sync();
    };
    const stops = [onChange(sync), onShare(sync)];
    return {
      connected: up,
      // What changed meanwhile was not sent.
      reconnected: up,
      close() {
        for (const stop of stops) stop();
        for (const { copy } of sent.values()) copy.stop();
      },
    };
  });
}

async function send(livekit, room, sent) {
  if (room.state !== livekit.ConnectionState.Connected) return;
  const screen = shared();
  const live = new Set([...tracks(), ...(screen ? [screen] : [])]);
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
    const { Camera, Microphone, ScreenShare } = livekit.Track.Source;
    await room.localParticipant.publishTrack(copy, {
      source: track === screen ? ScreenShare : track.kind === "video" ? Camera : Microphone,
      simulcast: false,
      videoEncoding: { maxBitrate: 450_000, maxFramerate: 20 },
      screenShareEncoding: { maxBitrate: 600_000, maxFramerate: 5 },
    });
  }
}

/**
 * Plays what the candidate sends in `video`, and in `screen`, which is hidden while no screen is shared, until the connection
 * ends for good. Answers why it ended: "left" or "lost".
 */
export function watch(url, token, video, screen, onState) {
  return stay(url, token, onState, (livekit, room) => {
    const received = new MediaStream();
    const shown = new MediaStream();
    video.srcObject = received;
    screen.srcObject = shown;
    const report = () => {
      screen.hidden = shown.getVideoTracks().length === 0;
      onState(received.getVideoTracks().length > 0 ? "live" : "waiting");
    };
    const place = (track) => (track.source === livekit.Track.Source.ScreenShare ? [shown, screen] : [received, video]);
    // Attached by hand: the client's own way would switch the sound on.
    const add = (track) => {
      const [stream, element] = place(track);
      stream.addTrack(track.mediaStreamTrack);
      report();
      element.play().catch(() => {});
    };
    const remove = (track) => {
      place(track)[0].removeTrack(track.mediaStreamTrack);
      report();
    };
    room.on(livekit.RoomEvent.TrackSubscribed, add).on(livekit.RoomEvent.TrackUnsubscribed, remove);
    return {
      connected: report,
      reconnected: report,
      close() {
        video.srcObject = null;
        screen.srcObject = null;
        screen.hidden = true;
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
