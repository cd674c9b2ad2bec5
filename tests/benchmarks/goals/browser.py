"""Goal 8: what the reporter waits for in Chromium, in the very Worker that pages load."""

import os
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.benchmarks import house, servers
from tests.benchmarks.goals.returning import threads
from tests.benchmarks.result import Aim, Result, middle, say
from whistle.web.assets import Assets

HANDLERS = 5
TURNS = 15
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
MEASURE = """
async ({ worker, code, token, turns, text }) => {
  const policy = trustedTypes.createPolicy("whistle", { createScriptURL: (url) => url });
  const sealing = new Worker(policy.createScriptURL(worker), { type: "module" });
  const waiting = new Map();
  await new Promise((ready) => {
    sealing.onmessage = ({ data }) => {
      if (data.ready) ready();
      else if (!data.alive) waiting.get(data.id)(data);
    };
  });
  let last = 0;
  const ask = async (name, params) => {
    last += 1;
    const answer = new Promise((resolve) => waiting.set(last, resolve));
    sealing.postMessage({ id: last, ask: name, params: { builtOn: "2026-01-01", ...params } });
    const { ok, value, reason } = await answer;
    if (!ok) throw new Error(`${name}: ${reason}`);
    return value;
  };
  const times = {};
  const timed = async (name, task) => {
    const from = performance.now();
    const value = await task();
    (times[name] ??= []).push(performance.now() - from);
    return value;
  };
  const json = async (path, headers) => (await fetch(path, { headers })).json();
  const answer = await json("/api/v1/mailbox", { Authorization: `Bearer ${token}` });
  const keyringAnswer = await json("/api/v1/keyring");
  const body = { language: "en", answers: { what: text } };
  let entries = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    await timed("return", async () => {
      await timed("derive", () => ask("openMailbox", { code }));
      const opened = await timed("open", () => ask("openThread", { answer }));
      if (opened.fault) throw new Error(opened.fault.reason);
      entries = opened.entries.length;
    });
    await timed("keyring", () => ask("readKeyring", { keyringAnswer }));
    await timed("seal", () => ask("prepareFiling", { channel: "main", keyringAnswer, body }));
  }
  return { times, entries };
}
"""


def browser(folder: Path) -> Result:
    """Measure goal 8; the first turn is the first in a fresh Worker."""
    say("Goal 8: sealing and opening in Chromium …")
    made = house.build(folder / "browser", HANDLERS)
    receipt = threads(made, 1)[0]
    asked = {
        "worker": f"/static/{Assets.read().names['reporter-worker.js']}",
        "code": str(receipt),
        "token": house.mailbox_request(receipt).headers["Authorization"].removeprefix("Bearer "),
        "turns": TURNS,
        "text": house.TEXT,
    }
    with servers.running(servers.whistle(made.folder), "/api/v1/keyring") as server:
        found = _in_chromium(f"http://localhost:{server.port}/en/off", asked)
    times: dict[str, list[float]] = found["times"]
    return Result(
        8,
        f"Chromium: keys from the code and a thread of {found['entries']}; 4 KiB to 5 handlers",
        [
            Aim("derive keys and open the thread, ms", middle(times["return"]), at_most=200),
            Aim("seal a report, ms", middle(times["seal"]), at_most=100),
            Aim("files / the library's own speed (files are not built yet)", None, at_least=0.8),
        ],
        {
            "median_ms": {name: middle(values) for name, values in times.items()},
            "first_ms": {name: values[0] for name, values in times.items()},
        },
    )


def _in_chromium(address: str, asked: dict[str, Any]) -> dict[str, Any]:
    found = os.environ.get("WHISTLE_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        page = chromium.new_page()
        page.goto(address)
        measured: dict[str, Any] = page.evaluate(MEASURE, asked)
        chromium.close()
    return measured
