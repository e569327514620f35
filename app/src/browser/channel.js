// The live channel to the server: connects, notices when it is lost, and connects again, for as long as the page wants it.

/** Milliseconds of silence after which the server is taken for lost. It speaks every two seconds. */
const SILENCE_MS = 7_000;

/** Pauses before the next try: soon after a loss, by and by when it lasts. */
const FIRST_MS = 150;
const SOON_MS = 800;
const LATER_MS = 5_000;

/** How long trying soon goes on. */
const HOPE_MS = 60_000;

/** Milliseconds for which a connection has to stand, so that the next loss is a new one. */
const STOOD_MS = 5_000;

/** Milliseconds for which a page is hidden or seen before that is told. */
const SETTLED_MS = 400;

/** Why a connection is given up. It tells the server nothing: who can say farewell was not cut off. */
const AGAIN = 4000;

const nothing = { send: () => false, stands: () => false, close() {} };
let current = nothing;

/** Who hears what is not text. */
const deaf = { open() {}, lost() {}, bytes() {} };
let listener = deaf;

/** Sends on this page's channel. Answers whether it stands. */
export const send = (text) => current.send(text);

/** The same for what is not text. */
export const sendBytes = (bytes) => current.send(bytes);

/**
 * From now on calls `open` when the channel stands (at once if it does), `lost` when it is lost, and `bytes` with messages that
 * are not text.
 */
export function listen(to) {
  listener = to ?? deaf;
  if (current.stands()) listener.open();
}

/** Leaves this page's channel for good. */
export function disconnect() {
  current.close();
  current = nothing;
}

/**
 * Keeps a channel for this page, in place of the one before. `hello`, `away` and `back` are what is sent at the start and when the page is hidden and seen again.
 * `onMessage` gets every message's text, `onLost` nothing.
 */
export function connect(hello, away, back, onMessage, onLost) {
  disconnect();
  current = keep(hello, away, back, onMessage, onLost);
}

function keep(hello, away, back, onMessage, onLost) {
  const { protocol, host } = location;
  const url = `${protocol === "https:" ? "wss:" : "ws:"}//${host}/ws/interview`;
  let socket;
  let timer;
  let heardAt = 0;
  // When the first message came, and since when no connection stood for long.
  let stoodAt;
  let lostAt = performance.now();
  // Before the first message nothing is lost.
  let isLost = true;
  let failures = 0;
  let closed = false;

  const stands = () => socket?.readyState === WebSocket.OPEN;
  const send = (data) => {
    if (!stands()) return false;
    socket.send(data);
    return true;
  };
  const open = () => {
    clearTimeout(timer);
    if (closed || socket) return;
    const mine = new WebSocket(url);
    socket = mine;
    heardAt = performance.now();
    mine.binaryType = "arraybuffer";
    mine.onopen = () => {
      mine.send(hello);
      if (document.hidden) mine.send(away);
      listener.open();
    };
    mine.onmessage = ({ data }) => {
      if (socket !== mine) return;
      heardAt = performance.now();
      if (typeof data !== "string") return listener.bytes(data);
      stoodAt ??= heardAt;
      isLost = false;
      onMessage(data);
    };
    mine.onclose = () => drop(mine);
  };
  // The browser's own news of a broken connection may take minutes: ours does not wait for it.
  const drop = (mine) => {
    if (!mine || socket !== mine) return;
    socket = undefined;
    mine.close(AGAIN);
    if (closed) return;
    listener.lost();
    const now = performance.now();
    // Some networks let it begin, and cut it at once, every time.
    if (stoodAt !== undefined && now - stoodAt > STOOD_MS) {
      lostAt = now;
      failures = 0;
    }
    stoodAt = undefined;
    if (!isLost) {
      isLost = true;
      onLost("");
    }
    failures += 1;
    const most = now - lostAt < HOPE_MS ? SOON_MS : LATER_MS;
    const pause = Math.min(most, FIRST_MS * 2 ** (failures - 1));
    timer = setTimeout(open, pause * (0.5 + Math.random() / 2));
  };
  const look = setInterval(() => {
    if (socket && performance.now() - heardAt > SILENCE_MS) drop(socket);
  }, 1_000);
  // A page that is left is hidden first: that is no look at something else.
  const seen = () => setTimeout(() => send(document.hidden ? away : back), SETTLED_MS);
  const offline = () => drop(socket);
  document.addEventListener("visibilitychange", seen);
  addEventListener("offline", offline);
  addEventListener("online", open);
  open();

  return {
    send,
    stands,
    close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(look);
      document.removeEventListener("visibilitychange", seen);
      removeEventListener("offline", offline);
      removeEventListener("online", open);
      socket?.close(1000);
    },
  };
}
