// Builds the style sheet and the scripts that the pages use; with --check, says whether the committed files are these.
import { readFile, mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "../../src/makegood/web/static/web");
const read = (file) => readFile(path.join(here, file), "utf8");
const versionOf = async (name) => JSON.parse(await read(`node_modules/${name}/package.json`)).version;

const govuk = await versionOf("govuk-frontend");
const htmx = await versionOf("htmx.org");
const about = `/*! Makegood, MIT. Contains parts of govuk-frontend ${govuk}, MIT, Copyright (C) 2017 Crown Copyright ` +
  "(Government Digital Service). See LICENSES.txt. */\n";

async function styleSheet() {
  const { css } = sass.compile(path.join(here, "sass/makegood.scss"), {
    style: "compressed",
    charset: false,
    quietDeps: true,
  });
  if (/GDS Transport|@font-face|crown/i.test(css)) throw new Error("the style sheet holds the font or the crown");
  return `${about}${css.trim()}\n`;
}

async function script() {
  const built = await esbuild.build({
    entryPoints: [path.join(here, "js/makegood.mjs")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "none",
    write: false,
  });
  return `${about}${built.outputFiles[0].text}`;
}

const files = {
  "makegood.css": await styleSheet(),
  "makegood.js": await script(),
  "htmx.min.js": `/*! htmx ${htmx}, Zero-Clause BSD. See LICENSES.txt. */\n${await read("node_modules/htmx.org/dist/htmx.min.js")}\n`,
  "LICENSES.txt": `govuk-frontend ${govuk}\n\n${await read("licenses/govuk-frontend.txt")}\n\nhtmx ${htmx}\n\n${await read("node_modules/htmx.org/LICENSE")}`,
};

const different = [];
await mkdir(target, { recursive: true });
for (const [name, text] of Object.entries(files)) {
  const file = path.join(target, name);
  if (process.argv.includes("--check")) {
    const committed = await readFile(file, "utf8").catch(() => "");
    if (committed !== text) different.push(name);
  } else {
    await writeFile(file, text);
  }
}
if (different.length) {
  console.error(`Not what tools/styles builds: ${different.join(", ")}; 'make styles' mends it.`);
  process.exit(1);
}
