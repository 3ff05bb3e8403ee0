"""What accrues to a person and what may happen to them, computed anew after an event: in full, or in part.

The full update is right after any event. Most events, though, change little, and every shorter update below says what
it may leave out and why. Each gives exactly what the full one would, to the bit: a test compares them over whole lives.
"""

from __future__ import annotations

from typing import Any

from lbpsim.engine import event_clocks
from lbpsim.engine.numba_cache import inlined_rule, rule
from lbpsim.pathways import accrual, care, cft, death, natural_history, opioids, surgery, work
from lbpsim.pathways.dated_multipliers import schedule_paced
from lbpsim.pathways.disability import effect_is_changing, rmdq
from lbpsim.pathways.person import CONSULTATION, DEATH, DISABILITY, FLARE, LEAVE_CFT_LIST, LEAVE_WORK, RETURN_TO_WORK

DRIVEN_BY_DISABILITY = (CONSULTATION, LEAVE_WORK, RETURN_TO_WORK, DEATH)  # beside the two clocks under multipliers


@rule
def update_rates_and_hazards(person: Any, inputs: Any) -> None:
    """Recompute accrual rates and event hazards after a state change. Both are constant until the next event."""
    disability = rmdq(person, person.now)
    accrual.set_rates(person, disability, person.now, inputs)
    natural_history.hazards(person, inputs)
    care.hazards(person, disability, inputs)
    cft.hazards(person, inputs)
    opioids.hazards(person, disability, inputs)
    surgery.hazards(person, disability, inputs)
    work.hazards(person, disability, inputs)
    death.hazards(person, disability, inputs)
    schedule_paced(person, inputs)
    event_clocks.schedule_events(person, inputs.seed, inputs.draw)


@inlined_rule
def update_after_flare(person: Any, inputs: Any) -> None:
    """Update where a flare has begun or ended: it bears on further flares, and on all else through disability alone."""
    natural_history.hazards(person, inputs)
    event_clocks.schedule_event(person, FLARE, inputs.seed, inputs.draw)
    update_driven_by_disability(person, inputs)


@inlined_rule
def update_after_time(person: Any, inputs: Any) -> None:
    """Update where nothing has changed but the time: rates and hazards stand still, unless an effect is changing, and
    with it disability. Accrual, which has just followed it, has left the rates as they are now.
    """
    if effect_is_changing(person):
        update_hazards_driven_by_disability(person, person.rate[DISABILITY], inputs)


@inlined_rule
def update_after_joining_or_leaving(person: Any, inputs: Any) -> None:
    """Update where nothing has changed but the time and a place on the list for CFT: waiting brings nothing but the
    chance to leave.
    """
    cft.hazards(person, inputs)
    event_clocks.schedule_event(person, LEAVE_CFT_LIST, inputs.seed, inputs.draw)
    update_after_time(person, inputs)


@inlined_rule
def update_after_birthday(person: Any, inputs: Any) -> None:
    """Update where age has changed and work has not: age bears on quality of life, lost work and death, and on no other
    hazard.
    """
    if effect_is_changing(person):
        update_driven_by_disability(person, inputs)
        return
    disability = rmdq(person, person.now)
    accrual.set_rates(person, disability, person.now, inputs)
    death.hazards(person, disability, inputs)
    event_clocks.schedule_event(person, DEATH, inputs.seed, inputs.draw)


@rule
def update_driven_by_disability(person: Any, inputs: Any) -> None:
    """Update where nothing has changed but disability and pain."""
    disability = rmdq(person, person.now)
    accrual.set_rates(person, disability, person.now, inputs)
    update_hazards_driven_by_disability(person, disability, inputs)


@rule
def update_hazards_driven_by_disability(person: Any, disability: float, inputs: Any) -> None:
    """Update the hazards that rise or fall with disability; no others do."""
    care.hazards(person, disability, inputs)
    opioids.start_hazard(person, disability, inputs)
    surgery.referral_hazard(person, disability, inputs)
    work.hazards(person, disability, inputs)
    death.hazards(person, disability, inputs)
    schedule_paced(person, inputs)
    for kind in DRIVEN_BY_DISABILITY:
        event_clocks.schedule_event(person, kind, inputs.seed, inputs.draw)
