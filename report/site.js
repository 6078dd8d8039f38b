/*
 * Links of headings, and the search box.  What that looks through are scripts,
 * the matrix's data and what only the search needs, loaded when the box is first
 * used: a page that was opened as a file cannot fetch anything else.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
"use strict";
const $ = id => document.getElementById(id);
const esc = s => s.replace(/[&<>"]/g, c => "&#" + c.charCodeAt(0) + ";");
const MOST = 60;
const supports = ["seen on kernels", "recorded calls", "document, no kernel",
	"source alone, no kernel"];
let index = null, waiting = false;

/* Each behaviour's heading is a link to its place: here, as some two thousand
 * of them are a fiftieth of what the pages weigh. */
for (const heading of document.querySelectorAll("section[id] > h3")) {
	const link = document.createElement("a");

	link.href = "#" + heading.parentElement.id;
	link.append(...heading.childNodes);
	heading.append(link);
}

function searchIn(data)
{
	const strings = matrixData.strings;

	index = matrixData.rows.map((row, i) => {
		const [routine, id, name, sentence] = row.map(n => strings[n]);
		const [support, constants, anchor = id] = data.behaviours[i];
		const b = { routine, anchor, sentence, support,
			name: name.replaceAll("_", " "),
			constants: constants.map(n => data.constants[n]) };

		b.words = [routine, id, b.name, sentence, anchor,
		    ...b.constants].join("\n").toLowerCase();
		return b;
	});
	index.constants = data.constants;
	search();
}

function load()
{
	if (index !== null || waiting)
		return;
	waiting = true;
	for (const src of ["matrix.js", "search.js"]) {
		const script = document.createElement("script");
		script.src = src;
		script.async = false; /* one after the other */
		document.head.append(script);
	}
}

/* What begins a name or is in it before what is in a sentence alone. */
function rank(b, words)
{
	const name = (b.routine + " " + b.name).toLowerCase();
	return words.filter(w => !name.includes(w)).length +
	    (b.constants.some(c => c.toLowerCase() === words.join(" ")) ? 0 : .5);
}

function search()
{
	const text = $("q").value.trim().toLowerCase();
	const words = text.split(/[\s,]+/).filter(Boolean);
	$("found").hidden = words.length === 0 || index === null;
	if (index === null || words.length === 0)
		return;
	const names = index.constants.filter(c =>
	    words.some(w => w.length > 2 && c.toLowerCase().includes(w)))
	    .sort((a, b) => a.length - b.length).slice(0, 12);
	const all = index.filter(b => words.every(w => b.words.includes(w)))
	    .sort((a, b) => rank(a, words) - rank(b, words));
	$("found").innerHTML = "<p role=status>" + (all.length === 0 ?
	    "No behaviour has these words." : all.length +
	    (all.length === 1 ? " behaviour" : " behaviours") +
	    (all.length > MOST ? ", the first " + MOST + ":" : ":")) + "</p>" +
	    (names.length > 0 ? "<p>" + names.map(c =>
	    `<a href="constants.html#${c}"><code>${c}</code></a>`).join(" ") +
	    "</p>" : "") + "<ul>" + all.slice(0, MOST).map(b =>
	    `<li><a href="${esc(b.routine)}.html#${encodeURIComponent(b.anchor)
	    }">${esc(b.routine + ": " + b.name)}</a> <b class="s${b.support}">${
	    supports[b.support]}</b><br>${esc(b.sentence)}</li>`).join("") +
	    "</ul>";
}

$("q").addEventListener("focus", load);
$("q").addEventListener("input", () => { load(); search(); });
document.querySelector("nav form").addEventListener("submit", e => {
	e.preventDefault();
	document.querySelector("#found a")?.click();
});
document.addEventListener("click", e => {
	/* To a place on this page: what was found would cover it. */
	if (e.target.closest("#found a"))
		$("found").hidden = true;
});
document.addEventListener("keydown", e => {
	if (e.ctrlKey || e.metaKey || e.altKey)
		return;
	if (e.key === "/" && e.target !== $("q")) {
		e.preventDefault();
		$("q").focus();
	} else if (e.key === "Escape") {
		$("q").value = "";
		search();
	}
});
if (new URLSearchParams(location.search).has("q")) {
	$("q").value = new URLSearchParams(location.search).get("q");
	load();
}
