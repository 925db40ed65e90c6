// make lint-dashboards: the PromQL 3 grammar over every query. Types are
// checked by tsc, in the file that this writes: lint.mjs DIRECTORY DASHBOARDS
import { parser } from "@prometheus-io/lezer-promql";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const place = process.argv[2];
const here = process.argv[3];
let bad = 0;
let asked = 0;

function check(where, expr) {
  const text = expr.replaceAll("$__rate_interval", "4m");
  asked++;
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) {
        console.error(`${where}: at ${node.from}: ${text}`);
        bad++;
      }
    },
  });
}

// An enum of strings is written as its values in JSON; a query of an annotation
// has fields of its data source's.
const types = [
  'import type { AnnotationQuery, Dashboard, Panel, VariableModel } from "@grafana/schema";',
  "type Plain<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;",
  "type Note = Plain<AnnotationQuery> & { expr: string; step: string; titleFormat: string; useValueForTime: boolean };",
];
for (const file of readdirSync(here).filter((f) => f.endsWith(".json"))) {
  const board = JSON.parse(readFileSync(`${here}/${file}`, "utf8"));
  for (const panel of board.panels)
    for (const target of panel.targets)
      check(`${file}: ${panel.title}`, target.expr);
  for (const note of board.annotations.list)
    check(`${file}: ${note.name}`, note.expr);
  const { annotations, panels, templating, ...frame } = board;
  const name = file.replace(".json", "");
  types.push(
    `export const ${name}: Plain<Partial<Dashboard>> = ${JSON.stringify(frame)};`,
    `export const ${name}_panels: Plain<Partial<Panel>>[] = ${JSON.stringify(panels)};`,
    `export const ${name}_notes: Note[] = ${JSON.stringify(annotations.list)};`,
    `export const ${name}_variables: (Plain<Partial<VariableModel>> & { definition?: string })[] = ${JSON.stringify(templating.list)};`,
  );
}
const rules = JSON.parse(readFileSync(`${place}/rules.json`, "utf8"));
for (const group of rules.groups)
  for (const rule of group.rules)
    check(`rules.yml: ${rule.alert ?? rule.record}`, rule.expr);
writeFileSync(`${place}/boards.ts`, types.join("\n") + "\n");
console.log(`${asked} queries, ${bad} errors`);
process.exit(bad === 0 && asked > 100 ? 0 : 1);
