// Reads the types of this package and of the one whose place it takes, lists the members of
// ours as JSON (members.json), and writes the program that compares both (compare.ts).
import ts from "typescript";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const theirs = "zego-express-engine-webrtc";
const theirFolder = `../node_modules/${theirs}`;
const options = { strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
const theirModules = ["sdk/code/zh/index", "sdk/code/zh/ZegoLocalStream.web"]
	.concat(readdirSync(`${theirFolder}/sdk/code/zh`).filter((it) => it.endsWith(".d.ts")).map((it) => "sdk/code/zh/" + it.slice(0, -5)))
	.concat("sdk/src/common/zego.entity.web", "sdk/src/common/zego.entity");
const our = "node_modules/expressrtc/types/index.d.ts";
const paths = theirModules.map((it) => `${theirFolder}/${it}.d.ts`);
const program = ts.createProgram([our, ...paths], options);
const checker = program.getTypeChecker();

function exportsOf(path) {
	return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)))
		.map((it) => [it.name, it.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(it) : it]);
}

// where finds the module of theirs that exports a name first, and under which name.
const where = new Map();
theirModules.forEach((module, i) => {
	for (const [name, symbol] of exportsOf(paths[i])) {
		const known = name === "default" ? symbol.name : name;
		if (!where.has(known)) where.set(known, { module: `${theirs}/${module}`, name });
	}
});

function kindOf(symbol) {
	const type = checker.getTypeOfSymbol(symbol);
	const [signature] = type.getCallSignatures();
	if (!signature) return "getter";
	const result = signature.getReturnType();
	return (result.isUnion() ? result.types : [result]).some((it) => it.symbol?.name === "Promise") ? "promise" : "value";
}

const members = [];
const compared = [];
const add = (what, ours, their) => compared.push({ what, ours, their });
for (const [name, symbol] of exportsOf(our)) {
	const inTheirs = where.get(name) && `theirs.${name}`;
	const isValue = symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Variable);
	if (isValue) {
		const statics = checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)).filter((it) => it.name !== "prototype");
		const instance = symbol.flags & ts.SymbolFlags.Class ? checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)) : [];
		for (const [list, isStatic] of [[statics, true], [instance, false]]) {
			for (const it of list) {
				if (["logger", "zegoWebRTC", "zegoWebRTM", "stateCenter"].includes(it.name)) continue; // in no document
				members.push({ class: name, name: it.name, static: isStatic, kind: kindOf(it) });
				const typeOf = (of) => isStatic ? `(typeof ${of})["${it.name}"]` : `${of}["${it.name}"]`;
				if (inTheirs) add(`${name}.${it.name}`, typeOf(`ours.${name}`), typeOf(inTheirs));
			}
		}
	} else if (inTheirs) {
		add(name, `ours.${name}`, inTheirs);
		if (/Event$/.test(name)) {
			for (const it of checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))) {
				add(`${name}.${it.name}`, `ours.${name}["${it.name}"]`, `${inTheirs}["${it.name}"]`);
			}
		}
	}
}

const modules = [...new Set([...where.values()].map((it) => it.module))];
const lines = [`import type * as ours from "expressrtc";`, ...modules.map((it, i) => `import type * as m${i} from "${it}";`)];
compared.forEach(({ what, ours, their }, i) => {
	const spelled = their.replace(/theirs\.(\w+)/, (_, name) => {
		const at = where.get(name);
		return `m${modules.indexOf(at.module)}.${at.name}`;
	});
	lines.push(`declare const o${i}: ${ours}; declare const t${i}: ${spelled};`);
	lines.push(`export const ours${i}: typeof t${i} = o${i}; // ${what}: ours for theirs`);
	lines.push(`export const theirs${i}: typeof o${i} = t${i}; // ${what}: theirs for ours`);
});
writeFileSync("compare.ts", lines.join("\n") + "\n");
const lacking = [...where.keys()].filter((it) => !exportsOf(our).some(([name]) => name === it));
writeFileSync("members.json", JSON.stringify({ version: JSON.parse(readFileSync(`${theirFolder}/package.json`)).version, members, lacking, compared: compared.length }));
