// Loads a Worker's module in node, and asks it as a page does.

let loads = 0;

/** A fresh `reporter` or `desk` Worker: a function `ask(name, params)`. */
export async function load(name) {
  const messages = new EventTarget();
  const waiting = new Map();
  const scope = {
    location: { origin: "https://whistle.example" },
    addEventListener: (kind, listener) => messages.addEventListener(kind, listener),
    postMessage(message, transfer = []) {
      const plain = structuredClone(message, { transfer });
      if (plain.ready || plain.alive) return;
      const { resolve, reject } = waiting.get(plain.id);
      if (plain.ok) resolve(plain.value);
      else reject(plain);
    },
  };
  globalThis.self = scope;
  loads += 1;
  await import(`../../../whistle/web/static/js/worker/${name}.js?load=${loads}`);
  let last = 0;
  return (ask, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      const data = structuredClone({ id: last, ask, params });
      messages.dispatchEvent(Object.assign(new Event("message"), { data }));
    });
}
