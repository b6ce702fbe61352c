"""A quiz round and what comes between its steps: restarts, absences, crashes, refusals."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.domain.pack import Pack
from bot.domain.quiz import ANSWERING, AWAY_TOO_LONG, GATHERING, READING, Phase, RoundEnd, RoundState
from bot.services.courier import Later, Refused
from bot.services.quiz import QuizService
from bot.services.quiz_play import QuizPlay
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.quiz.conftest import Restart
from tests.services.quizzes import ANA, BEN, GUILD, HALL, Stage, answer, begin, go_on, share


async def test_a_restart_in_the_middle_changes_nothing(
    service: QuizService, play: QuizPlay, restart: Restart, stage: Stage, clock: FakeClock
) -> None:
    await begin(service, play)
    await go_on(play, clock, GATHERING)
    await answer(service, stage, BEN, well=True)
    again = restart()
    await go_on(again, clock, timedelta(seconds=5))
    assert stage.now.one.phase is Phase.ASK
    await go_on(again, clock, ANSWERING + timedelta(minutes=3))
    assert (stage.now.one.phase, stage.question.number) == (Phase.TELL, 1)
    assert stage.now.one.due_at == clock.now() + READING, "the answer stands as long as ever"
    await go_on(restart(), clock, READING)
    assert (stage.now.one.phase, stage.question.number) == (Phase.ASK, 2)
    assert stage.posts == 1


async def test_a_round_that_stood_still_for_too_long_ends_with_its_scores(
    service: QuizService, play: QuizPlay, restart: Restart, stage: Stage, clock: FakeClock
) -> None:
    one = await begin(service, play)
    await go_on(play, clock, GATHERING)
    await answer(service, stage, BEN, well=True)
    await go_on(restart(), clock, ANSWERING + AWAY_TOO_LONG + timedelta(seconds=1))
    end = stage.now
    assert (end.one.ended, end.one.asked, end.scores[0].right) == (RoundEnd.AWAY, 1, 1)
    assert (await service.round(GUILD, one.number)).state is RoundState.ENDED


async def test_a_crash_between_showing_and_noting_shows_it_again_and_costs_no_time(
    service: QuizService, play: QuizPlay, restart: Restart, stage: Stage, clock: FakeClock
) -> None:
    await begin(service, play)
    stage.outcomes.append("crash")
    await go_on(play, clock, GATHERING)
    assert stage.now.one.phase is Phase.ASK
    await go_on(restart(), clock, timedelta(seconds=60))
    assert (stage.now.one.phase, stage.question.number) == (Phase.ASK, 1)
    assert stage.now.one.due_at == clock.now() + ANSWERING, "a question that may not have been seen begins anew"
    stage.outcomes.append("crash")
    await go_on(play, clock, ANSWERING, READING)
    assert stage.question.number == 1


async def test_what_discord_does_not_take_is_tried_again_and_what_it_refuses_ends_the_round(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    one = await begin(service, play)
    stage.outcomes += [Later(), Later()]
    await go_on(play, clock, GATHERING, timedelta(seconds=5))
    assert stage.now.one.phase is Phase.GATHER
    await go_on(play, clock, timedelta(seconds=5))
    assert stage.now.one.phase is Phase.ASK
    stage.outcomes.append(Refused("gone"))
    await go_on(play, clock, ANSWERING)
    over = await service.round(GUILD, one.number)
    assert (over.state, over.ended) == (RoundState.ENDED, RoundEnd.REFUSED)
    unposted = await service.start(GUILD, ANA, HALL, None, 5)
    stage.outcomes.append(Refused("I can't write there"))
    refused = await play.run(GUILD, unposted.number)
    assert refused == Refused("I can't write there")
    lost = await service.start(GUILD, ANA, HALL, None, 5)
    stage.outcomes += [Later()] * 99
    await go_on(play, clock, *[timedelta(seconds=10)] * 13)
    assert (await service.round(GUILD, lost.number)).state is RoundState.ENDED


async def test_the_alarm_rings_when_the_next_step_is_due(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    rung: list[timedelta] = []
    play.alarm = lambda at: rung.append(at - clock.now())
    one = await begin(service, play)
    await go_on(play, clock, GATHERING, ANSWERING)
    assert rung == [GATHERING, ANSWERING, READING]
    await service.stop(GUILD, one.number, ANA)
    await play.run(GUILD, one.number)
    assert rung == [GATHERING, ANSWERING, READING], "nothing is due where nothing is played"
    assert stage.now.one.phase is Phase.SCORES


async def test_no_alarm_is_set_for_a_step_that_is_being_taken(
    service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock
) -> None:
    rung: list[timedelta] = []
    play.alarm = lambda at: rung.append(at - clock.now())
    await begin(service, play)
    clock.move(seconds=GATHERING.total_seconds())
    await asyncio.gather(play.tick(), play.tick())
    assert [one for one in rung if one <= timedelta()] == [], "the alarm's own job runs at that time"
    assert stage.now.one.phase is Phase.ASK
