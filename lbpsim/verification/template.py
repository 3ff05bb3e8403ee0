"""The page of the book: one file, no scripts, nothing loaded from elsewhere; it prints as it reads."""

from __future__ import annotations

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>Verification of lbpsim {{ version }}</title>
<style>
:root { color-scheme: light; }
body { font: 16px/1.5 "DejaVu Sans", Verdana, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem;
  margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.35rem; margin-top: 2.5rem;
  border-bottom: 2px solid #1a1a1a; } h3 { font-size: 1.08rem; margin: 0 0 .4rem; }
a { color: #00528a; } .muted { color: #595959; }
table { border-collapse: collapse; width: 100%; font-size: .84rem; margin: .6rem 0; }
caption { text-align: left; font-weight: bold; padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid #d9d9d9; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
article { border: 1px solid #bfbfbf; border-radius: 4px; padding: 1rem; margin: 1.2rem 0; }
dl { display: grid; grid-template-columns: 8.5rem 1fr; gap: .2rem .8rem; font-size: .9rem; margin: .4rem 0; }
dt { font-weight: bold; } dd { margin: 0; }
figure { margin: .6rem 0; } figure svg { width: 100%; height: auto; } figcaption { font-size: .84rem; color: #404040; }
.verdict { display: inline-block; padding: 0 .5rem; border: 1.5px solid; border-radius: 3px; font-weight: bold;
  font-size: .82rem; white-space: nowrap; }
.pass { color: #00563f; } .miss, .fail { color: #fff; background: #8b1a1a; border-color: #8b1a1a; }
.inconclusive, .missing, .skipped { color: #7a4300; border-style: dashed; } .other { color: #404040; border-style:
dotted; }
code { font-size: .92em; overflow-wrap: anywhere; } details summary { cursor: pointer; font-size: .88rem; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } article { break-inside: avoid-page; border: none;
  border-top: 1px solid #595959; border-radius: 0; padding: .5rem 0; } h2 { break-before: page; }
  nav { display: none; } a { color: inherit; text-decoration: none; } }
</style>
</head>
<body>
{%- macro verdict(word) -%}
<span class="verdict {{ word if word in ('pass', 'miss', 'fail', 'inconclusive', 'missing', 'skipped') else 'other' }}">
{{- words.get(word, word) -}}</span>
{%- endmacro %}
<header>
<h1>Verification of lbpsim {{ version }}</h1>
<p>Is the code right? Each check sets a result of the engine or the model beside one that was worked out without it: in
closed form, by another method, or in print. Whether the model describes back pain is another question, answered by
<code>lbpsim validate</code>.</p>
<p>{{ verdict(overall) }} {{ summary }}</p>
<p class="muted">{{ size }} Written in {{ seconds }} seconds. Seeds are fixed: the same version gives the same
figures.</p>
</header>
<nav aria-label="Contents">
<table><caption>All checks</caption>
<thead><tr><th scope="col">Check</th><th scope="col">Part</th><th scope="col">Verdict</th></tr></thead>
<tbody>
{%- for check in checks %}
<tr><td><a href="#{{ check.key }}">{{ check.title }}</a></td><td>{{ parts[check.part] }}</td>
<td>{{ verdict(check.verdict) }}</td></tr>
{%- endfor %}
<tr><td><a href="#tech-ver">TECH-VER checklist</a></td><td>4. Tests</td><td>{{ listed }}</td></tr>
</tbody></table>
</nav>
<main>
{%- for part, heading in parts.items() %}
<section aria-labelledby="part-{{ part }}">
<h2 id="part-{{ part }}">{{ heading }}</h2>
{%- for check in checks if check.part == part %}
<article id="{{ check.key }}" aria-labelledby="{{ check.key }}-title">
<h3 id="{{ check.key }}-title">{{ check.title }} {{ verdict(check.verdict) }}</h3>
<dl>
<dt>Against</dt><dd>{{ check.against }}</dd>
<dt>Passes when</dt><dd>{{ check.rule }}</dd>
{%- if check.note %}<dt>Note</dt><dd>{{ check.note }}</dd>{% endif %}
</dl>
{%- if check.key in figures %}
<figure role="group">{{ figures[check.key] | safe }}<figcaption>{{ check.shows }}</figcaption></figure>
{%- endif %}
{%- if check.comparisons | length > 8 %}<details open="open"><summary>{{ check.comparisons | length }}
comparisons</summary>{% endif %}
<table>
<thead><tr><th scope="col">Quantity</th><th scope="col">Unit</th><th scope="col" class="number">Expected</th>
<th scope="col" class="number">Observed</th><th scope="col" class="number">Error</th><th scope="col">Passes</th>
<th scope="col">Verdict</th></tr></thead>
<tbody>
{%- for one in check.comparisons %}
<tr><td>{{ one.quantity }}</td><td>{{ one.unit }}</td><td class="number">{{ one.expected | figure }}</td>
<td class="number">{{ one.observed | figure }}</td><td class="number">{{ one.error | figure(2) }}</td>
<td>{{ one.rule }}</td><td>{{ verdict(one.verdict) }}</td></tr>
{%- endfor %}
</tbody></table>
{%- if check.comparisons | length > 8 %}</details>{% endif %}
</article>
{%- endfor %}
</section>
{%- endfor %}
<section aria-labelledby="tech-ver">
<h2 id="tech-ver">4. TECH-VER checklist</h2>
<p>Items of {{ source }}, for an individual-level model in continuous time; results are those of the package's own
tests.
{% if not ran %}The tests were not run with this book: <code>make verify</code> runs both.{% endif %}</p>
{%- for group, rows in groups.items() %}
<table>
<caption>{{ group | capitalize if group != 'dalys' else 'DALYs' }}</caption>
<thead><tr><th scope="col">Item</th><th scope="col">Tests</th><th scope="col" class="number">Cases</th>
<th scope="col">Result</th></tr></thead>
<tbody>
{%- for row in rows %}
<tr><td>{{ row.item.text }}{% if row.item.note %}<br /><span class="muted">{{ row.item.note }}</span>{% endif %}
{%- if row.item.not_applicable %}<br /><span class="muted">{{ row.item.not_applicable }}</span>{% endif %}</td>
<td>{% for name in row.tests %}<code>{{ name }}</code>{% if not loop.last %}<br />{% endif %}{% endfor %}</td>
<td class="number">{{ row.cases or '' }}</td><td>{{ verdict(row.status) }}</td></tr>
{%- endfor %}
</tbody></table>
{%- endfor %}
{%- if unlisted %}
<p>Tests that say they cover the list, beside those named above:</p>
<ul>{% for name in unlisted %}<li><code>{{ name }}</code></li>{% endfor %}</ul>
{%- endif %}
</section>
</main>
<footer class="muted"><p>lbpsim {{ version }}. Figures: dark lines and bars are expected, blue marks observed, grey
bands
where a check passes.</p></footer>
</body>
</html>
"""
