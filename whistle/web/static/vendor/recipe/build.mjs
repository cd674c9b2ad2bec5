// Builds vendor/age-encryption@0.3.1/ from the locked npm packages, and dist/ from
// js/, css/ and the vendored library. The same input gives the same bytes.
//
//   node build.mjs            write vendor/ and dist/
//   node build.mjs --dist     write dist/ only (needs esbuild, not the library's sources)
//   node build.mjs --check    compare with what is there; exit 1 on a difference
//   node build.mjs --into DIR write to DIR/vendor and DIR/dist instead
//
// The packages are looked for in $WHISTLE_NODE_MODULES, then in .cache/recipe/node_modules
// at the top of the checkout, then beside this file.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

import { lean } from "./lean.mjs";

const RECIPE = dirname(fileURLToPath(import.meta.url));
const STATIC = resolve(RECIPE, "../..");
const CHECKOUT = resolve(STATIC, "../../..");
const LIBRARY = "age-encryption@0.3.1";

// esbuild's target: the oldest browsers we serve scripts to (Firefox ESR 115, Safari 15.4).
const TARGET = ["es2022", "firefox115", "chrome103", "safari15.4"];

// Logical name -> entry. An entry that does not exist is skipped.
const ENTRIES = {
  "reporter.js": "js/reporter/main.js",
  "desk.js": "js/desk/main.js",
  "desk-case.js": "js/desk/case.js",
  "desk-unopened.js": "js/desk/unopened.js",
  "reporter-worker.js": "js/worker/reporter.js",
  "desk-worker.js": "js/worker/desk.js",
  "join.js": "js/join/main.js",
  "join-worker.js": "js/worker/join.js",
  "app.css": "css/app.css",
};

// Logical name -> file that is served as it is: the lists that keys and passphrases are worded with.
const COPIES = {
  "passphrase-words.txt": "../../data/passphrase_words.txt",
  "phrase-words.txt": "../../data/phrase_words.txt",
};

function modulesFolder() {
  const candidates = [
    process.env.WHISTLE_NODE_MODULES,
    join(CHECKOUT, ".cache/recipe/node_modules"),
    join(RECIPE, "node_modules"),
  ];
  const found = candidates.find((path) => path && existsSync(join(path, "esbuild")));
  if (found) return found;
  console.error("The build's packages are not installed. See vendor/README.md: npm ci.");
  process.exit(2);
}

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
const json = (value) => Buffer.from(JSON.stringify(value, null, 2) + "\n");

/** Vendored files as {path below static/: bytes}. */
async function vendored(esbuild, modules) {
  const built = await esbuild.build({
    stdin: {
      contents: readFileSync(join(RECIPE, "library.js"), "utf8"),
      resolveDir: dirname(modules),
      sourcefile: "library.js",
    },
    absWorkingDir: dirname(modules),
    bundle: true,
    charset: "utf8",
    format: "esm",
    legalComments: "inline",
    metafile: true,
    plugins: [lean],
    target: TARGET,
    write: false,
  });
  const bytes = Buffer.from(built.outputFiles[0].contents);
  const files = { [`vendor/${LIBRARY}/age.js`]: bytes };
  const packages = [];
  for (const name of packagesIn(built.metafile)) {
    const about = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
    const licence = `${LIBRARY}/LICENSE.${name.replace(/^@/, "").replace("/", "-")}`;
    files[`vendor/${licence}`] = readFileSync(join(modules, name, "LICENSE"));
    packages.push({
      name,
      version: about.version,
      licence: about.license,
      licence_file: licence,
      licence_sha256: hash(files[`vendor/${licence}`]),
    });
  }
  files["vendor/manifest.json"] = json({
    files: [{ file: `${LIBRARY}/age.js`, sha256: hash(bytes), packages }],
  });
  return files;
}

function packagesIn(metafile) {
  const names = Object.keys(metafile.inputs)
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter(Boolean);
  return [...new Set(names)].sort();
}

/** Served bundles as {path below static/: bytes}. */
async function bundled(esbuild) {
  const files = {};
  const names = {};
  const put = (logical, bytes) => {
    const [stem, ending] = logical.split(".");
    names[logical] = `${stem}-${hash(bytes).slice(0, 16)}.${ending}`;
    files[`dist/${names[logical]}`] = bytes;
  };
  for (const [logical, entry] of Object.entries(ENTRIES)) {
    if (!existsSync(join(STATIC, entry))) continue;
    const built = await esbuild.build({
      entryPoints: [join(STATIC, entry)],
      absWorkingDir: STATIC,
      bundle: true,
      charset: "utf8",
      external: logical.endsWith(".css") ? ["/*"] : [],
      format: logical.endsWith(".css") ? undefined : "esm",
      legalComments: "none",
      minify: true,
      target: TARGET,
      write: false,
    });
    put(logical, Buffer.from(built.outputFiles[0].contents));
  }
  for (const [logical, file] of Object.entries(COPIES)) put(logical, readFileSync(join(STATIC, file)));
  files["dist/manifest.json"] = json(names);
  return files;
}

const zipped = (path) => path.startsWith("dist/") && !path.endsWith(".json");

/** True when `path` holds exactly `bytes`, and its .gz (where one belongs) unpacks to them. */
function same(root, path, bytes) {
  const full = join(root, path);
  if (!existsSync(full) || !readFileSync(full).equals(bytes)) return false;
  if (!zipped(path)) return true;
  return existsSync(`${full}.gz`) && gunzipSync(readFileSync(`${full}.gz`)).equals(bytes);
}

/** Files below dist/ and vendor/<library>/ that the build did not make. */
function strays(root, files, folders) {
  const known = new Set(Object.keys(files).flatMap((path) => [path, `${path}.gz`]));
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => !known.has(path));
}

function write(root, files, folders) {
  for (const [path, bytes] of Object.entries(files)) {
    if (same(root, path, bytes)) continue;
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, bytes);
    if (zipped(path)) writeFileSync(`${full}.gz`, gzipSync(bytes, { level: 9 }));
    console.log(`wrote ${relative(process.cwd(), full)} (${bytes.length} bytes)`);
  }
  for (const path of strays(root, files, folders)) rmSync(join(root, path));
}

function check(root, files, folders) {
  const different = Object.entries(files).filter(([path, bytes]) => !same(root, path, bytes));
  const wrong = [...different.map(([path]) => path), ...strays(root, files, folders)];
  for (const path of wrong) console.error(`differs from what the recipe builds: ${path}`);
  return wrong.length === 0;
}

const args = process.argv.slice(2);
const into = args.includes("--into") ? resolve(args[args.indexOf("--into") + 1]) : STATIC;
const modules = modulesFolder();
const esbuild = createRequire(join(modules, "x.js"))("esbuild");
const folders = args.includes("--dist") ? ["dist"] : ["dist", `vendor/${LIBRARY}`];
const library = args.includes("--dist") ? {} : await vendored(esbuild, modules);
const checking = args.includes("--check");
if (!checking) write(into, library, folders.slice(1));
const files = { ...library, ...(await bundled(esbuild)) };
if (checking) process.exitCode = check(into, files, folders) ? 0 : 1;
else write(into, files, folders);
