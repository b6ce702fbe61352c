"""The parts of Kubernetes that ``deploy/`` uses, strictly: what is not named here is a mistake there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Name = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=63)]
Amount = Annotated[str, Field(pattern=r"^\d+(m|Mi|Gi)?$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


class Kind(BaseModel):
    """A part of Kubernetes, whose keys are written in camel case."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class Labels(Kind):
    """Kubernetes: what an object is called."""

    name: Name | None = None
    labels: dict[str, str]


class Selector(Kind):
    """Kubernetes: whose pods are meant."""

    match_labels: dict[str, str]


class ServicePort(Kind):
    """Kubernetes: a port of a service."""

    name: Name
    port: Port
    target_port: str


class HeadlessSpec(Kind):
    """Kubernetes: a service without an address."""

    cluster_ip: Literal["None"] = Field(alias="clusterIP")
    selector: dict[str, str]
    ports: list[ServicePort]


class Headless(Kind):
    """Kubernetes: the service of a StatefulSet."""

    api_version: Literal["v1"]
    kind: Literal["Service"]
    metadata: Labels
    spec: HeadlessSpec


class BudgetSpec(Kind):
    """Kubernetes: how many pods may be away."""

    max_unavailable: int
    selector: Selector


class Budget(Kind):
    """Kubernetes: a PodDisruptionBudget."""

    api_version: Literal["policy/v1"]
    kind: Literal["PodDisruptionBudget"]
    metadata: Labels
    spec: BudgetSpec


class PodField(Kind):
    """Kubernetes: a field of the pod."""

    field_path: Literal["metadata.name"]


class Source(Kind):
    """Kubernetes: where a value comes from."""

    field_ref: PodField


class Variable(Kind):
    """Kubernetes: an environment variable."""

    name: str
    value: str | None = None
    value_from: Source | None = None


class Named(Kind):
    """Kubernetes: another object, by its name."""

    name: Name


class Secrets(Kind):
    """Kubernetes: a Secret whose keys become variables."""

    secret_ref: Named


class ContainerPort(Kind):
    """Kubernetes: a port of a container."""

    name: Name
    container_port: Port


class Asked(Kind):
    """Kubernetes: a page that a probe asks for."""

    path: Literal["/healthz", "/readyz"]
    port: str


class Probe(Kind):
    """Kubernetes: a probe."""

    http_get: Asked
    period_seconds: int
    failure_threshold: int
    timeout_seconds: int = 1


class Resources(Kind):
    """Kubernetes: what a container asks for and may have."""

    requests: dict[Literal["cpu", "memory"], Amount]
    limits: dict[Literal["cpu", "memory"], Amount]


class Capabilities(Kind):
    """Kubernetes: what of root's rights is taken away."""

    drop: list[Literal["ALL"]]


class Confined(Kind):
    """Kubernetes: the rights of a container."""

    allow_privilege_escalation: Literal[False]
    read_only_root_filesystem: Literal[True]
    capabilities: Capabilities


class Mount(Kind):
    """Kubernetes: where a volume is seen."""

    name: Name
    mount_path: str


class Container(Kind):
    """Kubernetes: a container."""

    name: Name
    image: str
    env_from: list[Secrets]
    env: list[Variable]
    ports: list[ContainerPort]
    startup_probe: Probe
    liveness_probe: Probe
    readiness_probe: Probe
    resources: Resources
    security_context: Confined
    volume_mounts: list[Mount]


class Seccomp(Kind):
    """Kubernetes: which system calls are allowed."""

    type: Literal["RuntimeDefault"]


class PodRights(Kind):
    """Kubernetes: who a pod runs as."""

    run_as_non_root: Literal[True]
    run_as_user: int
    run_as_group: int
    fs_group: int
    seccomp_profile: Seccomp


class Empty(Kind):
    """Kubernetes: a folder that goes with the pod."""

    size_limit: Amount


class Volume(Kind):
    """Kubernetes: a volume."""

    name: Name
    empty_dir: Empty


class PodSpec(Kind):
    """Kubernetes: a pod."""

    termination_grace_period_seconds: int
    automount_service_account_token: Literal[False]
    security_context: PodRights
    containers: list[Container]
    volumes: list[Volume]


class Template(Kind):
    """Kubernetes: the pods of a set."""

    metadata: Labels
    spec: PodSpec


class Update(Kind):
    """Kubernetes: how pods are replaced."""

    type: Literal["RollingUpdate"]


class SetSpec(Kind):
    """Kubernetes: a set of pods with names."""

    service_name: Name
    replicas: int
    pod_management_policy: Literal["Parallel", "OrderedReady"]
    update_strategy: Update
    selector: Selector
    template: Template


class StatefulSet(Kind):
    """Kubernetes: a StatefulSet."""

    api_version: Literal["apps/v1"]
    kind: Literal["StatefulSet"]
    metadata: Labels
    spec: SetSpec
