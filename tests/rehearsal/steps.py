"""All steps of the play, in order."""

from collections.abc import Callable

from tests.rehearsal import on_device, play, programs, rights
from tests.rehearsal import portal_agents as agents
from tests.rehearsal.play import Play

STEPS: tuple[Callable[[Play], None], ...] = (
    play.open_property,
    play.sign_in,
    play.set_up,
    play.refuse_private_place,
    play.refuse_face_only,
    play.publish,
    play.register_terminals,
    agents.register_agents,
    play.assess,
    play.activate,
    programs.start,
    play.refuse_without_consent,
    play.consent,
    play.enroll,
    play.match,
    play.no_match,
    agents.open_by_themselves,
    agents.open_in_an_outage,
    agents.one_goes_offline,
    play.withdraw,
    play.no_match_after_withdrawal,
    agents.wait_for_the_last_terminal,
    play.erased,
    play.certified,
    programs.heard,
    rights.request_access,
    rights.answer_request,
    rights.download_package,
    rights.retention,
    on_device.open_second_property,
    on_device.make_it_lawful,
    on_device.refuse_a_photo,
    on_device.enrol_at_the_terminals,
    on_device.open_the_door,
    on_device.withdraw_while_one_is_off,
    on_device.wait_a_week,
    on_device.erase_when_it_is_back,
)
