// For those who have scripts. Everything works without.
const local = (root) => {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, {
      year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit",
    });
  }
};

// A file that is chosen fills the field beside it. It never leaves the browser by itself.
const files = (root) => {
  for (const input of root.querySelectorAll("input[type=file][data-into]")) {
    input.closest("[hidden]")?.removeAttribute("hidden");
    input.addEventListener("change", async () => {
      const field = document.getElementById(input.dataset.into);
      if (input.files[0] && field) field.value = await input.files[0].text();
    });
  }
};

const copies = (root) => {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      // The browser may forbid it. The text stands on the page as well.
      const copied = await navigator.clipboard.writeText(button.dataset.copy).then(() => true, () => false);
      button.textContent = copied ? "Copied" : "Not copied";
      button.removeAttribute("aria-label");
    });
  }
};

const wake = (root) => {
  local(root);
  files(root);
  copies(root);
};

// Makes `old` what `fresh` is, and keeps every part that is still there: the focus, and what screen readers listen to.
const become = (old, fresh) => {
  if (old.nodeName !== fresh.nodeName || old.id !== fresh.id) return old.replaceWith(fresh);
  if (!old.attributes) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    // What somebody opened stays open.
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  after.forEach((child, at) => (before[at] ? become(before[at], child) : old.append(child)));
  before.slice(after.length).forEach((child) => child.remove());
};

// A page that is not done yet is asked for again, and its content changed in place. Not while somebody writes in it.
let last;
const renew = async () => {
  const main = document.querySelector("main");
  const busy = document.hidden || main.querySelector("details[open] form") || main.querySelector(":focus:is(input, textarea)");
  if (busy) return;
  const answer = await fetch(location.href);
  if (answer.redirected) return location.reload();
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = next.querySelector("main");
  if (!content) return;
  const fresh = document.adoptNode(content);
  document.title = next.title;
  if (fresh.innerHTML !== last) {
    last = fresh.innerHTML;
    wake(fresh);
    become(main, fresh);
  }
  document.body.dataset.renew = next.body.dataset.renew ?? "";
};
const later = () => {
  const seconds = Number(document.body.dataset.renew);
  // Whatever keeps it from being renewed now, such as a connection that breaks off, may be over the next time.
  if (seconds) setTimeout(() => renew().catch(() => undefined).finally(later), seconds * 1000);
};

wake(document);
later();
