// SPDX-License-Identifier: BSD-2-Clause
//
// The matrix page as a reader uses it, in headless Chromium.
//
//	CHROMIUM=program node check_page.mjs FOLDER
//
// FOLDER holds run-*.json (the runs as exported), matrix.html (drawn from
// them), hostile.html (hostile.json, wrong.json and one run).  What the page
// must show is worked out here from the exports and, for what changed, from
// mach-vm-report's diff: not from the page's own data.
import { execFileSync } from "child_process";
import { readdirSync, readFileSync } from "fs";
import { close, ensure, equal, test, visit } from "./browser.mjs";

const folder = process.argv[2];
const url = name => "file://" + folder + "/" + name;
const report = folder + "/../mach-vm-report";
const runs = readdirSync(folder).filter(f => /^run-.*\.json$/.test(f))
    .map(f => ({ file: folder + "/" + f,
	...JSON.parse(readFileSync(folder + "/" + f, "utf8")) }));
const labelOf = r => [r.fingerprint.system, r.fingerprint.release,
    r.fingerprint.arch].join(" ");

/* ---- what the runs say ------------------------------------------------------- */

const rowOf = r => [r.routine, r.id, r.name.replace(/__[^_]*$/, "")].join("|");
const rows = new Map();		// row -> [{ run, ...result }]
for (const run of runs)
	for (const r of run.results)
		rows.set(rowOf(r), [...(rows.get(rowOf(r)) ?? []),
		    { run, ...r }]);
const count = f => [...rows.values()].filter(f).length;
const said = r => [r.routine, r.id, r.name.replace(/__[^_]*$/, ""),
    r.name.replace(/__[^_]*$/, "").replaceAll("_", " "), r.sentence, r.source,
    r.reason, ...r.answers.flatMap(a => [a.call, a.answer])]
    .join("\n").toLowerCase();
const isAbsent = r => r.verdict === "skipped" &&
    /^(needs|gone after) macOS /.test(r.reason);
const answers = r => r.answers.map(a => a.answer)
    .filter((a, i, all) => a !== all[i - 1]).join("; ");

function differs(row)
{
	return [...new Set(row.map(r => r.route))].some(route => {
		const mine = row.filter(r => r.route === route);
		const judged = new Set(mine.filter(r =>
		    r.verdict !== "skipped").map(r => r.verdict + answers(r)));
		return judged.size > 1 ||
		    (judged.size > 0 && mine.some(isAbsent));
	});
}

// Behaviours that diff says changed.
function changed(older, newer)
{
	let text;
	try {
		text = execFileSync(report, ["diff", "--format", "json",
		    older.file, newer.file], { maxBuffer: 1 << 28 });
	} catch (e) {
		text = e.stdout;
	}
	const d = JSON.parse(text), all = new Set();
	for (const kind of ["regressions", "fixes", "answers", "verdicts"])
		for (const { old, new: now } of d[kind])
			if (kind !== "verdicts" ||
			    (old.verdict === "skipped" ? isAbsent(old) :
			    now.verdict === "skipped" && isAbsent(now)))
				all.add(rowOf(now));
	// New or gone with the release: the page has a cell of the other.  The
	// same messages go by mig or by mig2.
	const asked = r => r.program + r.name.replace(/__mig2$/, "__mig");
	const has = (run, r) => run.results.some(o => asked(o) === asked(r));
	for (const { new: now } of d.new)
		if (has(older, now))
			all.add(rowOf(now));
	for (const { old } of d.gone)
		if (has(newer, old))
			all.add(rowOf(old));
	return all;
}

/* ---- the pages ----------------------------------------------------------------- */

async function open(name, options = {}, hash = "")
{
	const page = await visit(url(name) + hash, url(name), options);
	if (options.javaScriptEnabled !== false)
		await settled(page);
	return page;
}

// Large tables are drawn piece by piece.
const settled = page => page.waitForFunction(() => drawn === shown.length);
const shownRows = async page => {
	await settled(page);
	return page.locator("tr[data-row]").count();
};

const shot = (page, name) => page.screenshot({ path: folder + "/" + name + ".png" });

/* ---- the whole ------------------------------------------------------------------ */

await test("it shows every behaviour and run, and asks for nothing", async () => {
	const page = await open("matrix.html");
	equal(await shownRows(page), rows.size, "rows");
	equal(await page.locator("thead th").count(), runs.length + 1, "columns");
	const head = await page.locator("#matrix thead").innerText();
	for (const run of runs) {
		const n = run.results.filter(r => r.verdict === "passed").length;
		ensure(head.includes(run.fingerprint.release), "no release");
		ensure(head.includes(n + " passed"), "no count of passed");
	}
	await shot(page, "light");
});

await test("every verdict is told in words and no cell by colour alone", async () => {
	const page = await open("hostile.html");
	const legend = await page.locator("#legend").innerText();
	for (const v of ["passed", "failed", "expected failure", "undecided",
	    "skipped", "broken", "empty", "first changed", "extrapolated"])
		ensure(legend.includes(v), "no word for " + v);
	for (const [v, sign] of [["failed", "\u2717"], ["expected_failure", "~"],
	    ["undecided", "?"], ["skipped", "\u2013"], ["broken", "!"]]) {
		const text = await page.locator("#matrix td." + v).first().innerText();
		ensure(text.includes(sign), v + " has no sign: " + text);
	}
});

await test("what was not run is unknown, not a verdict", async () => {
	const page = await open("hostile.html");
	const cells = page.locator("td.none");
	ensure(await cells.count() > 0, "no empty cell");
	equal(await cells.first().innerText(), "");
	ensure((await cells.first().getAttribute("title")).includes("unknown"),
	    "no title");
});

await test("routes stand in a cell only where they differ", async () => {
	const page = await open("hostile.html", {}, "#q=c_fails");
	const cell = page.locator("td.failed");
	equal(await cell.innerText(), "mig SUCCESS\n\ntrap \u2717 FAILURE");
	equal(await page.locator("td.passed i").count(), 0, "routes that agree");
});

await test("without JavaScript it says so", async () => {
	const page = await open("matrix.html", { javaScriptEnabled: false });
	ensure((await page.innerText("body")).includes("JavaScript"), "no word");
});

/* ---- filters --------------------------------------------------------------------- */

for (const words of ["realloc", "kern_no_space allocate", "vm_map_enter()"])
	await test("text filter: " + words, async () => {
		const page = await open("matrix.html");
		const wanted = count(row => words.split(" ").every(w =>
		    row.some(r => said(r).includes(w))));
		ensure(wanted > 0 && wanted < rows.size, "no test: " + wanted);
		await page.fill("#q", words);
		equal(await shownRows(page), wanted, "rows");
	});

await test("text filter: nothing fits", async () => {
	const page = await open("matrix.html");
	await page.fill("#q", "no such words");
	equal(await shownRows(page), 0, "rows");
	ensure(await page.isVisible("#none"), "no word about it");
	await page.click("#none a");
	equal(await shownRows(page), rows.size, "rows");
});

for (const [filter, value, fits] of [
	["routine", "protect", r => r.routine === "protect"],
	["verdict", "skipped", r => r.verdict === "skipped"],
	["route", "trap", r => r.route === "trap"]])
	await test("filter by " + filter, async () => {
		const page = await open("matrix.html");
		const wanted = count(row => row.some(fits));
		ensure(wanted > 0 && wanted < rows.size, "no test: " + wanted);
		await page.selectOption("#" + filter, value);
		equal(await shownRows(page), wanted, "rows");
	});

await test("filters are joined by and", async () => {
	const page = await open("matrix.html");
	await page.selectOption("#routine", "protect");
	await page.selectOption("#verdict", "skipped");
	equal(await shownRows(page), count(row => row[0].routine === "protect" &&
	    row.some(r => r.verdict === "skipped")), "rows");
	await page.click("button[type=reset]");
	equal(await shownRows(page), rows.size, "rows");
});

await test("differs between columns", async () => {
	const page = await open("matrix.html");
	const wanted = count(differs);
	ensure(wanted > 0 && wanted < rows.size, "no test: " + wanted);
	await page.check("#differs");
	equal(await shownRows(page), wanted, "rows");
});

/* ---- what changed ------------------------------------------------------------------ */

const chains = new Map();
for (const run of runs)
	chains.set(run.fingerprint.arch, [...(chains.get(run.fingerprint.arch) ??
	    []), run]);
for (const chain of chains.values()) {
	const version = r => r.fingerprint.release.split(".")
	    .reduce((n, part, i) => n + Number(part) / 100 ** i, 0);
	chain.sort((a, b) => version(a) - version(b));
	for (let i = 1; i < chain.length; i++)
		await test("what changed in " + labelOf(chain[i]), async () => {
			const page = await open("matrix.html");
			const wanted = changed(chain[i - 1], chain[i]).size;
			ensure(wanted > 0, "nothing changed: no test");
			await page.click(`#changes a:has-text("${
			    chain[i - 1].fingerprint.release} \u2192 ${
			    chain[i].fingerprint.release}: ${wanted} ")`);
			equal(await shownRows(page), wanted, "rows");
			const column = await page.locator("th.chosen").evaluate(
			    th => th.cellIndex);
			equal(await page.locator(`tr[data-row] td:nth-child(${
			    column + 1}) u`).count(), wanted, "marks");
			ensure((await page.innerText("#about")).includes(
			    "changed in"), "the filter is not told");
			if (chain[i].fingerprint.arch === "arm64")
				await shot(page, "changed");
		});
}

await test("a change is told with the answers before and after", async () => {
	const page = await open("matrix.html", {},
	    "#changed=model+15.5+arm64&q=behavior-invalid-zero");
	await page.locator("td:has(u)").last().click();
	const text = await page.innerText("#detail");
	for (const words of ["VM_BEHAVIOR_ZERO is accepted since macOS 14.4", "vm_map.c",
	    "KERN_INVALID_ARGUMENT (4)", "KERN_SUCCESS (0)",
	    "VM_BEHAVIOR_ZERO", "first changed in 15.5"])
		ensure(text.includes(words), "no " + words);
	equal(await page.locator("#detail tr.other").count(), 1, "changed calls");
	await shot(page, "detail");
});

await test("why a case failed is told", async () => {
	const page = await open("hostile.html", {}, "#q=c_fails");
	await page.click("td.failed");
	ensure((await page.innerText("#detail")).includes(
	    "tests/x_test.c:7: g(): KERN_FAILURE (5), must be KERN_SUCCESS (0)"),
	    "no requirement");
});

/* ---- the address ------------------------------------------------------------------ */

await test("the state is in the address, and a link brings it back", async () => {
	const page = await open("matrix.html");
	await page.fill("#q", "size");
	await page.selectOption("#routine", "protect");
	await page.selectOption("#route", "mig");
	await page.check("#differs");
	const wanted = await shownRows(page);
	ensure(wanted > 0, "nothing fits: no test");
	const hash = new URL(page.url()).hash;
	const other = await open("matrix.html", {}, hash);
	equal(await shownRows(other), wanted, "rows");
	equal(await other.inputValue("#q"), "size");
	equal(await other.inputValue("#routine"), "protect");
	equal(await other.inputValue("#route"), "mig");
	ensure(await other.isChecked("#differs"), "differs is lost");
	await other.reload();
	equal(await shownRows(other), wanted, "rows after a reload");
	await other.evaluate(() => { location.hash = ""; });
	await other.waitForFunction(() => $("q").value === "");
	equal(await shownRows(other), rows.size, "rows without the state");
});

await test("an opened cell has a link", async () => {
	const page = await open("matrix.html", {}, "#routine=protect");
	await page.locator("tr[data-row] td").nth(2).click();
	const title = await page.innerText("#detail-title");
	const other = await open("matrix.html", {}, new URL(page.url()).hash);
	ensure(await other.isVisible("#detail"), "not open");
	equal(await other.innerText("#detail-title"), title);
	await other.click("#detail button");
	await other.waitForFunction(() => !location.hash.includes("open="));
});

await test("an address that means nothing is harmless", async () => {
	const page = await open("matrix.html", {},
	    "#routine=none&changed=x&verdict=%3Cb%3E&open=a%20@%20b&route=%ff");
	equal(await shownRows(page), rows.size, "rows");
});

/* ---- keyboard ---------------------------------------------------------------------- */

await test("keyboard alone finds, moves, opens and closes", async () => {
	const page = await open("matrix.html");
	equal(await page.locator('#matrix [tabindex="0"]').count(), 1,
	    "stops of the Tab key at first");
	await page.keyboard.press("/");
	equal(await page.evaluate(() => document.activeElement.id), "q");
	await page.keyboard.type("protect");
	await settled(page);
	for (let i = 0; i < 12 && !await page.evaluate(() =>
	    document.activeElement.matches("#matrix td")); i++)
		await page.keyboard.press("Tab");
	const at = () => page.evaluate(() => [document.activeElement.cellIndex,
	    document.activeElement.parentElement?.dataset?.row].join());
	const first = await at();
	ensure(first.startsWith("1,"), "Tab does not come to a cell: " + first);
	await page.keyboard.press("ArrowRight");
	equal((await at()).split(",")[0], 2, "column");
	await page.keyboard.press("ArrowDown");
	ensure((await at()).split(",")[1] !== first.split(",")[1], "same row");
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("ArrowLeft");
	equal(await at(), first, "back at");
	await page.keyboard.press("End");
	equal((await at()).split(",")[0], runs.length, "last column");
	await page.keyboard.press("Home");
	equal(await at(), first, "first column");
	await page.keyboard.press("Enter");
	ensure(await page.isVisible("#detail"), "Enter opens nothing");
	await page.keyboard.press("Escape");
	ensure(!await page.isVisible("#detail"), "Escape closes nothing");
	equal(await at(), first, "after closing");
	equal(await page.locator('#matrix [tabindex="0"]').count(), 1,
	    "stops of the Tab key");
	const outline = await page.evaluate(() =>
	    getComputedStyle(document.activeElement).outlineStyle);
	ensure(outline !== "none", "the focus cannot be seen");
});

/* ---- dark, light, small, printed ------------------------------------------------------ */

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
	await test("text can be read, " + colorScheme, async () => {
		const page = await open("hostile.html", { colorScheme });
		const pairs = await page.evaluate(() => [...document.querySelectorAll(
		    "#legend b, #matrix td, #matrix th, #matrix th small, " +
		    "#matrix th code, #matrix td u, #matrix td i, #about, a")].map(e => {
			let ground = e;
			while (ground.parentElement && getComputedStyle(ground)
			    .backgroundColor === "rgba(0, 0, 0, 0)")
				ground = ground.parentElement;
			return [e.tagName + " " + e.className,
			    getComputedStyle(e).color,
			    getComputedStyle(ground).backgroundColor];
		    }));
		for (const [what, text, ground] of pairs)
			ensure(contrast(text, ground) >= 4.5, what + " has contrast " +
			    contrast(text, ground).toFixed(2));
		const ground = await page.evaluate(() =>
		    getComputedStyle(document.body).backgroundColor);
		equal(contrast(ground, "rgb(0,0,0)") < 3, colorScheme === "dark",
		    "the ground is dark:");
		await shot(page, "verdicts-" + colorScheme);
	});

for (const width of [320, 390])
	await test("a phone of " + width + " pixels scrolls down only", async () => {
		const page = await open("matrix.html", {
			viewport: { width, height: 844 }, isMobile: true,
			hasTouch: true, deviceScaleFactor: 2 });
		const wide = () => page.evaluate(() =>
		    document.documentElement.scrollWidth);
		equal(await wide(), width, "the page is wide");
		const size = await page.locator("tr[data-row] td").first()
		    .evaluate(td => parseFloat(getComputedStyle(td).fontSize));
		ensure(size >= 12, "text of " + size);
		await shot(page, "phone-" + width);
		await page.locator("tr[data-row] td").first().tap();
		const box = await page.locator("#detail").boundingBox();
		ensure(box.x >= 0 && box.x + box.width <= width,
		    "the detail leaves the screen");
		equal(await wide(), width, "the page is wide");
		await shot(page, "phone-" + width + "-detail");
	});

await test("print: all rows, no controls, colours", async () => {
	const page = await open("matrix.html", {}, "#routine=protect");
	await page.emulateMedia({ media: "print" });
	ensure(!await page.isVisible("#filters"), "the filters are printed");
	equal(await page.evaluate(() => getComputedStyle(document.querySelector(
	    ".scroll")).overflow), "visible");
	equal(await page.evaluate(() => getComputedStyle(document.querySelector(
	    "td.passed")).printColorAdjust), "exact");
	ensure((await page.innerText("#about")).includes("protect"),
	    "what is shown is not told");
	const pdf = await page.pdf({ path: folder + "/print.pdf", format: "A4",
		landscape: true, printBackground: true });
	const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
	ensure(pages > 1 && pages < 60, pages + " pages");
	equal(await page.evaluate(() => document.documentElement.scrollWidth <=
	    innerWidth), true, "nothing is cut off:");
});

/* ---- hostile text ------------------------------------------------------------------------ */

await test("hostile text is text", async () => {
	const page = await open("hostile.html");
	equal(await page.evaluate(() => window.bad), undefined);
	equal(await page.locator("script").count(), 2, "scripts");
	equal(await page.locator("img, svg, iframe, [onmouseover], [onerror]")
	    .count(), 0, "elements made by text");
	const table = await page.locator("#matrix").innerText();
	for (const text of ["</script><script>bad=1</script>",
	    "<img src=x onerror=bad=1>", "<!-- <script>bad=1</script> & 'quoted'",
	    "<iframe src=javascript:bad=1>", "<script>bad=1</script>",
	    "&lt;b&gt; \\u003c"])
		ensure(table.includes(text), "not shown as it is: " + text);
	for (const cell of await page.locator(
	    "#matrix td:is(:nth-child(2), :nth-child(3)):not(.none)").all()) {
		await cell.click();
		ensure(await page.isVisible("#detail"), "no detail");
		await page.keyboard.press("Escape");
	}
	await page.selectOption("#routine", "</script><script>bad=1</script>");
	equal(await shownRows(page), 1, "rows");
	await page.selectOption("#routine", "__proto__");
	await page.selectOption("#route", "__proto__");
	equal(await shownRows(page), 1, "rows");
	equal(await page.evaluate(() => window.bad), undefined);
});

await close();
