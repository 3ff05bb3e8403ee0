"""What proposed studies are worth, as one page that opens by itself, filled into its template `research.html`."""

from __future__ import annotations

from lbpsim.evidence import in_force
from lbpsim.report import research_text as words
from lbpsim.report.charts import evsi as chart
from lbpsim.report.page.pictures import inlined
from lbpsim.report.page.templates import rendered
from lbpsim.report.rows import rows_of
from lbpsim.study.borrowed import of_country
from lbpsim.study.phrasing import number_of
from lbpsim.voi.design import Design
from lbpsim.voi.evsi import end_of_use
from lbpsim.voi.research import Research


def page(found: Research) -> str:
    """The page as text: the answer, each study with its chart and numbers, and what implementation loses."""
    worth = {each.data.design.name: each for each in found.worth}
    ranked = [worth[name] for name in found.best["design"]]
    titles = {policy.name: policy.title for policy in found.study.policies}
    text = rendered(
        "research.html",
        **{"found": found, "study": found.study, "words": words, "titles": titles},
        worth=ranked,
        best=found.best.to_dict("records"),
        rows={name: rows_of(found.of_view(), design=name).to_dict("records") for name in worth},
        charts={each.data.design.name: _chart(found, each.data.design) for each in ranked},
        numbers={name: rows_of(found.design_numbers, design=name).to_dict("records") for name in worth},
        labels={each.name: each.label for each in found.study.registry.inputs},
        lost=rows_of(found.implementation, **found.view._asdict()).to_dict("records"),
        draws=f"{number_of(len(found.draws.numbers), 'draw')} of {number_of(found.draws.plan.people, 'person')} each",
        end=end_of_use(found.study),
        currency=in_force.currency(),
        borrowed=list(of_country(found.study.country)),
    )
    return f"{text}\n"


def _chart(found: Research, design: Design) -> str | None:
    name = f"Two panels: the value of {design.title} by its size, and that value less its cost. The table holds both."
    return inlined(design.name, name, lambda: chart.draw(found, design))
