/**
 * Joining by a one-time link: the browser makes the keys and the passphrase, the person types it
 * back, the server gives the secret of the one-time codes, and the first code ends it.
 *
 * The link's token stands behind the # and is taken out of the address at once; it goes to the
 * server in the body of requests only.
 */

import { ApiError, openApi } from "../desk/api.js";
import { focusOn, part, show, whileBusy } from "../desk/dom.js";
import { emptyFields, formOf, showFaults, valueOf, warn } from "../desk/forms.js";
import { readWords, speaker } from "../desk/words.js";
import { openSealing } from "../sealing-client.js";
import { drawn } from "./square.js";

const root = document.querySelector("[data-join]");
const say = speaker(readWords(root), document.documentElement.lang);
const ask = openApi({ token: root.dataset.token }).ask;
const sealing = openSealing({ worker: root.dataset.worker, builtOn: root.dataset.builtOn });
const token = location.hash.slice(1);
const view = (name) => root.querySelector(`[data-view="${name}"]`);

function showView(name) {
  for (const one of root.querySelectorAll("[data-view]")) show(one, one === view(name));
  document.title = `${view(name).dataset.title} – ${root.dataset.site}`;
  focusOn(view(name).querySelector("h1"));
}

function failed(error, place) {
  if (error instanceof ApiError && error.status === 404) showView("refused");
  else warn(view(place), say(`failed.${error.code ?? error.reason ?? "other"}`));
}

async function begin() {
  history.replaceState(null, "", location.pathname);
  try {
    const told = await ask("POST", "/join/look", { token });
    part(root, "name").textContent = told.name;
    part(root, "id").textContent = told.id;
    part(root, "role").textContent = told.role_text;
    show(part(root, "role-line"), told.role_text !== "");
    show(part(root, "office-line"), told.office !== null);
    showView("welcome");
  } catch (error) {
    if (error instanceof ApiError && error.status === 0) warn(view("refused"), say("failed.offline"));
    showView("refused");
  }
}

const fetched = async (url) => {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new ApiError(answer.status, "offline");
  return answer.text();
};

async function makeKey() {
  const lists = await Promise.all([fetched(root.dataset.passphraseList), fetched(root.dataset.phraseList)]);
  const [passphraseList, phraseList] = lists;
  const made = await sealing.ask("makeKey", { passphraseList, phraseList });
  part(root, "passphrase").replaceChildren(...words(made.passphrase.split(" ")));
  for (const place of root.querySelectorAll("[data-part='fingerprint']")) {
    place.replaceChildren(...words(made.fingerprint));
  }
  showView("passphrase");
}

function words(list) {
  return list.map((word) => {
    const made = document.createElement("span");
    made.textContent = word;
    return made;
  });
}

function toTyping() {
  part(root, "passphrase").replaceChildren(); // typed back from the paper, not from the screen
  showView("typing");
}

async function send(form) {
  if (showFaults(form, emptyFields(form), say)) return;
  try {
    const keys = await sealing.ask("sealKey", { typed: valueOf(form, "typed") });
    const codes = await ask("POST", "/join/keys", { token, ...keys });
    form.reset();
    await sealing.ask("forget");
    part(root, "secret").textContent = codes.secret.match(/.{1,4}/g).join(" ");
    part(root, "square").replaceChildren(drawn(codes.rows, say("square")));
    showView("codes");
  } catch (error) {
    if (error.reason === "typed") showFaults(form, [{ field: "typed", code: "typed.other" }], say);
    else failed(error, "typing");
  }
}

async function confirm(form) {
  if (showFaults(form, emptyFields(form), say)) return;
  try {
    await ask("POST", "/join/confirmation", { token, code: valueOf(form, "code") });
    part(root, "square").replaceChildren();
    part(root, "secret").textContent = "";
    showView("done");
  } catch (error) {
    if (error.status === 401) showFaults(form, [{ field: "code", code: "code.wrong" }], say);
    else failed(error, "codes");
  }
}

function onPress(act, place, work) {
  const button = root.querySelector(`[data-act="${act}"]`);
  button.addEventListener("click", () =>
    whileBusy(button, () => Promise.resolve(work()).catch((error) => failed(error, place))),
  );
}

function onSubmit(name, work) {
  const form = formOf(root, name);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(event.submitter ?? form.querySelector("button"), () => work(form));
  });
}

onPress("make-key", "welcome", makeKey);
onPress("written-down", "passphrase", toTyping);
onPress("new-passphrase", "typing", makeKey);
onSubmit("typing", send);
onSubmit("codes", confirm);
part(root, "starting").remove();
begin();
