// One Chromium without a window, spoken to over a pipe (the DevTools protocol), for as many pictures as are wanted.
// https://chromedevtools.github.io/devtools-protocol/
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Opens an empty page. */
export async function open() {
  const home = mkdtempSync(join(tmpdir(), "signpost-cards-"));
  const browser = spawn(process.env.CHROMIUM ?? "chromium", [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe", `--user-data-dir=${home}`, "about:blank",
  ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [, , , to, from] = browser.stdio;
  const waiting = new Map();
  let last = 0, rest = "";
  browser.on("error", (err) => fail(err));
  browser.on("exit", () => fail(new Error("chromium ended")));
  from.setEncoding("utf8").on("data", (data) => {
    const messages = (rest + data).split("\0"); // each ends with a zero byte
    rest = messages.pop();
    for (const { id, result, error } of messages.map((m) => JSON.parse(m))) {
      const { resolve, reject } = waiting.get(id) ?? {};
      waiting.delete(id);
      error ? reject?.(new Error(error.message)) : resolve?.(result);
    }
  });
  function fail(err) {
    for (const { reject } of waiting.values()) reject(err);
    waiting.clear();
  }
  function send(method, params = {}, sessionId = undefined) {
    return new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      to.write(JSON.stringify({ id: last, method, params, sessionId }) + "\0");
    });
  }

  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const page = (method, params) => send(method, params, sessionId);
  return {
    /** Runs an expression in the page and returns its value. */
    async run(expression) {
      const { result, exceptionDetails: thrown } = await page("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      if (thrown) throw new Error(thrown.exception?.description ?? thrown.text);
      return result.value;
    },
    /** The first width by height pixels of the page, as a PNG. */
    async picture(width, height) {
      await page("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
      const { data } = await page("Page.captureScreenshot", { format: "png", clip: { x: 0, y: 0, width, height, scale: 1 } });
      return Buffer.from(data, "base64");
    },
    async width(width) {
      await page("Emulation.setDeviceMetricsOverride", { width, height: 800, deviceScaleFactor: 1, mobile: false });
    },
    async close() {
      await send("Browser.close").catch(() => {}); // it ends before it answers
      await new Promise((done) => (browser.exitCode === null ? browser.once("exit", done) : done()));
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
