// Links that begin with https: what is promised to browsers then, and that rooms are joined all the same.
import { expect, test } from "../support/fixtures.ts";

test.use({ secure: true });

test("where links begin with https a room is joined and watched, and pages connect securely", async ({ world, candidate, admin }) => {
  const { id, joinUrl } = await world.api.create({ name: "Sam Secure", questions: [{ text: "What does a certificate prove?" }] });
  expect(joinUrl).toMatch(/^https:/);
  const link = joinUrl.replace("https:", "http:");

  const headers = (await fetch(link)).headers;
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  const connect = /connect-src ([^;]*)/.exec(headers.get("content-security-policy") ?? "")?.[1];
  // This LiveKit has no TLS.
  const { host } = new URL(world.livekit.access.url);
  expect(connect).toBe(`'self' wss: https: ws://${host} http://${host}`);

  const sam = await candidate(link);
  await sam.begin("What does a certificate prove?");
  await sam.linkIs("Live");
  await admin.openSession(id);
  await admin.videoPlays();
  const cookies = await admin.page.context().cookies();
  expect(cookies.map(({ name, secure }) => ({ name, secure }))).toEqual([{ name: "__Host-pi_admin", secure: true }]);
});
