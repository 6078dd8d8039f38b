// SPDX-License-Identifier: BSD-2-Clause
//
// The reference pages as a reader uses them, in headless Chromium.
//
//	CHROMIUM=program node check_site.mjs FOLDER
//
// FOLDER/site holds the pages, drawn from FOLDER/run-*.json and
// FOLDER/kernel-*.json (exports).  What they must show is worked out here from
// the exports, not from the pages' own data.
import { readdirSync, readFileSync, statSync } from "fs";
import { close, ensure, equal, test, visit } from "./browser.mjs";

const folder = process.argv[2], site = folder + "/site";
const url = name => "file://" + site + "/" + name;
const read = f => JSON.parse(readFileSync(folder + "/" + f, "utf8"));
const files = readdirSync(folder);
const kernels = files.filter(f => /^kernel-.*\.json$/.test(f)).map(read);
const models = files.filter(f => /^run-.*\.json$/.test(f)).map(read);
const pages = readdirSync(site).filter(f => f.endsWith(".html"));
const html = new Map(pages.map(p => [p, readFileSync(site + "/" + p, "utf8")]));
const written = pages.filter(p => p !== "matrix.html");
const LARGEST = 5e6;		/* bytes */

const stem = r => r.name.replace(/__[^_]*$/, "");
const rows = new Map();		/* of the models: kernels' cases take their names */
for (const run of models)
	for (const r of run.results)
		rows.set([r.routine, r.id, stem(r)].join("|"), r);
const ids = new Set([...kernels, ...models].flatMap(run =>
    run.results.map(r => r.id)));

const open = (name, options = {}) => visit(url(name), url(""), options);
const shot = (page, name) =>
    page.screenshot({ path: folder + "/site-" + name + ".png" });

/* ---- what is there --------------------------------------------------------------- */

await test("every behaviour has its place", async () => {
	const sections = written.flatMap(p => html.get(p).split("<section ")
	    .slice(1).map(t => p + t.match(/id="([^"]*)"/)[1] + "|" +
	    t.match(/<code>([^<]*)<\/code><\/p>/)[1]));
	equal(new Set(sections).size, sections.length, "anchors");
	ensure(sections.length >= rows.size, "only " + sections.length);
	equal(new Set(sections.map(s => s.split("|")[1])).size, ids.size, "ids");
	for (const r of rows.values())
		ensure(html.get(r.routine + ".html").includes(
		    `<section id="${r.id}"`), "no place for " + r.id);
});

await test("every link leads to a place that is there", async () => {
	let count = 0;
	for (const p of written)
		for (const [, to] of html.get(p).matchAll(/href="([^"]*)"/g)) {
			if (/^(https:\/\/github\.com\/|data:|site\.css$)/.test(to))
				continue;
			const [file, hash] = to.split("#");
			const text = html.get(file || p);
			ensure(text !== undefined, p + " links to " + to);
			ensure(!hash || file === "matrix.html" ||
			    text.includes(`id="${decodeURIComponent(hash)}"`),
			    p + " links to " + to);
			count++;
		}
	ensure(count > 1000, "only " + count + " links");
});

await test("a behaviour's heading is a link to its place", async () => {
	const page = await open("allocate.html");
	const section = page.locator("section[id]").first();
	const id = await section.getAttribute("id");

	await section.locator("h3 a").click();
	equal(new URL(page.url()).hash, "#" + id, "hash");
	await page.close();
});

await test("all pages together are smaller than 5 MB", async () => {
	const size = readdirSync(site).reduce((n, f) =>
	    n + statSync(site + "/" + f).size, 0);
	ensure(size < LARGEST, size + " bytes");
	console.log(`note the reference pages: ${size} bytes`);
});

/* ---- the question of the first page -------------------------------------------------- */

await test("the first screen tells who grows a block, and how we know", async () => {
	const page = await open("index.html");
	const table = page.locator(".brief table").first();
	const box = await table.boundingBox();
	ensure(box.y + box.height < 900, "the table is not on the first screen");
	const heads = await table.locator("thead th").allInnerTexts();
	const cells = await table.locator("tbody tr").first().locator("td")
	    .allInnerTexts();
	/* Each kernel stands above the answer that it gave. */
	for (const k of kernels) {
		const said = k.results.find(r => r.route === "trap" &&
		    r.id === "coal-realloc-any-tag-all").answers[0].answer;
		const column = heads.findIndex(h => h.split("\n").some(line =>
		    line.split("; ").some(part =>
		    part.startsWith(k.fingerprint.arch + " ") && part.split(/[ ,]+/)
		    .includes(k.fingerprint.release))));
		ensure(column > 0, "no column of " + k.fingerprint.release);
		equal(cells[column], said, k.fingerprint.release);
	}
	const text = await page.innerText("main");
	for (const words of ["VM_MEMORY_REALLOC", "VM_FLAGS_FIXED",
	    "one region although their tags differ", "never the oracle",
	    "mach_vm_reallocate"])
		ensure(text.includes(words), "no " + words);
	await shot(page, "light");
});

await test("what no kernel answered as required is told so", async () => {
	const passed = new Set(kernels.flatMap(k => k.results.filter(r =>
	    r.verdict === "passed").map(r => r.id)));
	const sections = written.flatMap(p =>
	    html.get(p).split("<section ").slice(1));
	let seen = 0, unseen = 0;
	for (const text of sections) {
		const id = text.match(/<code>([^<]*)<\/code><\/p>/)[1];
		if (text.includes("<b class=s0>")) {
			ensure(passed.has(id), id + " is told to be seen");
			seen++;
			continue;
		}
		ensure(text.includes("seen on no kernel") ||
		    text.includes("Seen in recorded calls"), id + " is told nothing");
		unseen++;
	}
	ensure(seen > 1000 && unseen > 5, seen + " seen, " + unseen + " not");
	ensure([...html.values()].some(t => t.includes("<small class=m>model only")),
	    "no release is told to be the model's alone");
});

await test("a change is told with the answers before and after", async () => {
	const page = await open("changes.html");
	const item = page.locator("li", { has: page.locator(
	    'a[href="allocate.html#coal-realloc-any-tag-all"]') }).first();
	const text = await item.innerText();
	for (const words of ["joined", "256 (0x100)", "251 (0xfb)", "seen on kernels"])
		ensure(text.includes(words), "no " + words + " in " + text);
	await shot(page, "changes");
});

await test("the map is drawn", async () => {
	const page = await open("allocate.html");
	const boxes = page.locator("#coalesce-fill-gap-realloc .map i");
	equal(await boxes.count(), 2, "boxes");
	const [a, b] = [await boxes.nth(0).boundingBox(),
	    await boxes.nth(1).boundingBox()];
	ensure(Math.abs(a.width - 2 * b.width) < 2, "not as wide as its pages");
});

/* ---- search ------------------------------------------------------------------------------ */

for (const name of ["KERN_NO_SPACE", "VM_MEMORY_REALLOC"])
	await test("search knows " + name, async () => {
		const page = await open("evidence.html");
		await page.keyboard.press("/");
		await page.keyboard.type(name);
		const link = page.locator(`#found a[href="constants.html#${name}"]`);
		await link.waitFor();
		const found = await page.locator("#found li").count();
		ensure(found > 3, "only " + found + " behaviours");
		if (name === "VM_MEMORY_REALLOC")
			ensure(await page.locator('#found a[href="allocate.html' +
			    '#coal-realloc-any-tag"]').count() === 1,
			    "the behaviour is not found");
		await shot(page, "search");
		await link.click();
		await page.waitForURL(/constants\.html#/);
		ensure(await page.locator("#" + name).isVisible(), "no place");
	});

await test("search finds words, and nothing where nothing is", async () => {
	const page = await open("index.html");
	await page.fill("#q", "realloc keeps the tag");
	await page.waitForSelector('#found a[href="allocate.html#coal-realloc-any-tag"]');
	await page.fill("#q", "no such words at all");
	ensure((await page.innerText("#found")).includes("No behaviour"), "no word");
	await page.keyboard.press("Escape");
	ensure(!await page.isVisible("#found"), "Escape does not close");
});

await test("without JavaScript the pages can be read", async () => {
	const page = await open("allocate.html", { javaScriptEnabled: false });
	ensure((await page.textContent("#coal-realloc-any-tag-all"))
	    .includes("251 (0xfb)"), "no answer");
});

/* ---- dark, light, small --------------------------------------------------------------------- */

// Contrast of text and ground, as WCAG 2 computes it.
function contrast(a, b)
{
	const light = c => c.match(/[\d.]+/g).slice(0, 3).map(Number)
	    .map(v => v / 255)
	    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
	    .reduce((n, v, i) => n + v * [0.2126, 0.7152, 0.0722][i], 0);
	const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
	return (x + 0.05) / (y + 0.05);
}

for (const colorScheme of ["light", "dark"])
	for (const name of ["index.html", "region.html", "evidence.html"])
		await test(`${name} can be read, ${colorScheme}`, async () => {
			const page = await open(name, { colorScheme });
			const pairs = await page.evaluate(() => [
			    ...document.querySelectorAll("p, a, small, b, th, " +
			    "td, code, .map i:not(.h)")].slice(0, 3000).map(e => {
				let ground = e;
				while (ground.parentElement && getComputedStyle(ground)
				    .backgroundColor === "rgba(0, 0, 0, 0)")
					ground = ground.parentElement;
				return [e.tagName + " " + e.className,
				    getComputedStyle(e).color,
				    getComputedStyle(ground).backgroundColor];
			    }));
			for (const [what, text, ground] of pairs)
				ensure(contrast(text, ground) >= 4.5, what +
				    " has contrast " + contrast(text, ground).toFixed(2));
			await shot(page, name.replace(".html", "-") + colorScheme);
		});

for (const name of written)
	await test(`${name} fits a phone of 320 and of 390 pixels`, async () => {
		const page = await open(name, {
			viewport: { width: 320, height: 844 }, isMobile: true,
			hasTouch: true, deviceScaleFactor: 2 });
		for (const width of [320, 390]) {
			await page.setViewportSize({ width, height: 844 });
			equal(await page.evaluate(() =>
			    document.documentElement.scrollWidth), width,
			    "the page is wide:");
			if (name === "index.html" || name === "allocate.html")
				await shot(page, `${name.replace(".html", "-")}${width}`);
		}
	});

/* ---- time --------------------------------------------------------------------------------------- */

await test("the largest page opens", async () => {
	const largest = written.sort((a, b) =>
	    html.get(b).length - html.get(a).length)[0];
	const start = Date.now();
	const page = await open(largest);
	await page.evaluate(() => new Promise(r => requestAnimationFrame(() =>
	    requestAnimationFrame(r))));
	const time = Date.now() - start;
	console.log(`note ${largest}, ${html.get(largest).length} bytes, opened ` +
	    `in ${time} ms`);
});

await close();
