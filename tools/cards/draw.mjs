// Draws Adaptive Cards as Teams shows them (light theme), as far as that can be known without Teams: Microsoft's own
// renderer, a host configuration like that of Teams, and the Markdown that Teams knows.
//
//   node draw.mjs DIRECTORY-OF-CARDS DIRECTORY-OF-PICTURES
//
// A card is NAME.LANGUAGE.DETAIL.json; a picture NAME.LANGUAGE.DETAIL.WIDTH.png, ".open" where every toggle was pressed.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { open } from "./chromium.mjs";

const everywhere = ["en"];
const someCases = /^(spa-token-expired|enrolment-trap|blocked-by-location|authentication-strength)$/;
const someLanguages = ["ar", "de", "ja"];

/** The pictures of a card: its widths in pixels, and whether it is opened. */
function wanted(name, language, detail) {
  if (everywhere.includes(language)) {
    return { general: [[560]], full: [[560], [320]], desk: [[560, "open"]] }[detail];
  }
  return detail === "full" && someCases.test(name) && someLanguages.includes(language) ? [[560], [320]] : [];
}

const require = createRequire(import.meta.url);
const here = (file) => readFileSync(new URL(file, import.meta.url), "utf8");
const [cards, pictures] = process.argv.slice(2);
const page = await open();
try {
  await page.run(readFileSync(require.resolve("adaptivecards/dist/adaptivecards.js"), "utf8"));
  await page.run(readFileSync(require.resolve("markdown-it/dist/markdown-it.min.js"), "utf8"));
  await page.run(`${here("page.js")}; prepare(${here("light.json")}, ${JSON.stringify(here("page.css"))})`);
  for (const file of readdirSync(cards).sort()) {
    const [name, language, detail] = file.split(".");
    for (const [width, opened] of wanted(name, language, detail)) {
      await page.width(width);
      const { height, clipped } = await page.run(`draw(${readFileSync(join(cards, file), "utf8")}, ${Boolean(opened)})`);
      const picture = [name, language, detail, width, opened, "png"].filter(Boolean).join(".");
      writeFileSync(join(pictures, picture), await page.picture(width, height));
      console.log(`${picture}  ${height} px high${clipped ? `, clipped: ${clipped}` : ""}`);
    }
  }
} finally {
  await page.close();
}
