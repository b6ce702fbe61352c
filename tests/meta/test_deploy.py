"""What ``deploy/`` says holds together, and with the bot: every key is one that exists, every name is spelled right."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bot.client import ANSWER_WITHIN, FINISH_WITHIN
from bot.domain.cluster import ordinal_of
from bot.settings import ROOT, described
from tests.fakes.wire.process import AS_SHIPPED
from tests.meta.composed import Compose
from tests.meta.deployed import Budget, Headless, StatefulSet

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SECRETS = {"DISCORD_TOKEN", "DATABASE_URL"}


def _read(name: str) -> list[Any]:
    return list(yaml.safe_load_all((ROOT / "deploy" / name).read_text(encoding="utf-8")))


def _compose() -> Compose:
    (text,) = _read("compose.yaml")
    return Compose.model_validate(text)


def _set() -> StatefulSet:
    return StatefulSet.model_validate(_read("kubernetes.yaml")[2])


def test_compose_runs_one_process_and_two_with_the_profile() -> None:
    compose = _compose()
    bots = {name: one for name, one in compose.services.items() if name.startswith("bot")}
    assert [name for name, one in bots.items() if not one.profiles] == ["bot"]
    assert [one.environment["BOT_CLUSTER_ID"] for one in bots.values()] == ["0", "1"]
    for one in bots.values():
        assert one.environment.keys() <= described().keys()
        assert one.environment["BOT_CLUSTERS"] == "${BOT_CLUSTERS:-1}"
        assert (one.read_only, one.cap_drop, one.tmpfs) == (True, ["ALL"], ["/tmp"])  # noqa: S108
        assert int(one.stop_grace_period[:-1]) > FINISH_WITHIN + ANSWER_WITHIN
        assert one.depends_on["database"].condition == "service_healthy"
        assert one.build is not None
        assert (ROOT / "requirements" / f"{one.build.args['LOCK']}.txt").exists()
        assert one.volumes[0].endswith(":/data")


def test_compose_has_no_secret_and_no_volume_that_is_not_declared() -> None:
    compose = _compose()
    used = {volume.partition(":")[0] for one in compose.services.values() for volume in one.volumes}
    assert used == compose.volumes.keys()
    for one in compose.services.values():
        for name, value in one.environment.items():
            if name in {*SECRETS, "POSTGRES_PASSWORD"}:
                assert "${" in value, f"{name} stands in the file"
    database = compose.services["database"]
    assert database.healthcheck is not None
    for bot in ("bot", "bot-1"):
        address = compose.services[bot].environment["DATABASE_URL"]
        user, name = database.environment["POSTGRES_USER"], database.environment["POSTGRES_DB"]
        assert re.fullmatch(rf"postgresql\+asyncpg://{user}:\$\{{.*\}}@database:5432/{name}", address)


def test_the_stateful_set_is_the_bot() -> None:
    one = _set()
    service, budget = (
        kind.model_validate(text) for kind, text in zip((Headless, Budget), _read("kubernetes.yaml"), strict=False)
    )
    assert isinstance(service, Headless)
    assert isinstance(budget, Budget)
    (container,) = one.spec.template.spec.containers
    given = {variable.name: variable for variable in container.env}
    assert given.keys() <= described().keys()
    assert not SECRETS & given.keys(), "they come from the Secret"
    assert given["BOT_CLUSTERS"].value == str(one.spec.replicas)
    assert given["BOT_CLUSTER_ID"].value_from is not None
    assert ordinal_of(f"{one.metadata.name}-{one.spec.replicas - 1}") == one.spec.replicas - 1
    assert one.spec.service_name == service.metadata.name
    (port,) = container.ports
    assert given["BOT_HTTP_PORT"].value == str(port.container_port)
    for probe in (container.startup_probe, container.liveness_probe, container.readiness_probe):
        assert probe.http_get.port == port.name
    assert container.readiness_probe.http_get.path == "/readyz"
    app = one.spec.template.metadata.labels
    assert app == one.spec.selector.match_labels == budget.spec.selector.match_labels == service.spec.selector
    assert one.spec.template.spec.termination_grace_period_seconds > FINISH_WITHIN + ANSWER_WITHIN
    assert f"--uid {one.spec.template.spec.security_context.run_as_user} " in DOCKERFILE
    mounted = {mount.name: mount.mount_path for mount in container.volume_mounts}
    assert mounted.keys() == {volume.name for volume in one.spec.template.spec.volumes}
    assert set(mounted.values()) == {"/data", "/tmp"}  # noqa: S108


def test_a_key_that_does_not_exist_is_found() -> None:
    text = _read("kubernetes.yaml")[2]
    text["spec"]["template"]["spec"]["containers"][0]["livenessprobe"] = {}
    with pytest.raises(ValidationError, match="livenessprobe"):
        StatefulSet.model_validate(text)


def test_the_image_starts_the_bot_as_it_is_measured_from_what_was_compiled_for_that() -> None:
    assert f'CMD ["python", "{AS_SHIPPED[0]}", "-m", "bot", "run"]' in DOCKERFILE
    compiled = re.findall(r"-m compileall (.*)", DOCKERFILE)
    assert ["-o 0 -o 2" in one for one in compiled] == [True, True], "the root is read-only: nothing is kept later"


def test_every_lock_that_an_image_can_be_built_with_reaches_the_build() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for name in ("bot", "postgresql", "semantic"):
        assert f"!requirements/{name}.txt" in allowed
