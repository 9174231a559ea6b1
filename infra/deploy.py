"""Deploy a packaged stage: code and template to S3, stack, secrets."""

import copy
from collections.abc import Callable
from typing import Any

from infra.artefacts import Artefacts
from infra.packaging.package import Package
from infra.secrets import fill_secrets
from infra.stacks import Stack, compact
from infra.target import Target

Say = Callable[[str], None]


def deploy_application(
    target: Target, package: Package, say: Say, parameters: dict[str, str] | None = None
) -> dict[str, str]:
    """Bring a stage's stack to a package and return its outputs.

    `parameters` override those of the last deployment, which otherwise stay. Without a public base URL the
    API's own address becomes it, in a second change on the first deployment: a function cannot refer to the
    API that refers to it.

    Raises:
        StackFailed: CloudFormation refused or rolled back the change.
    """
    artefacts = Artefacts(target=target)
    artefacts.ensure_bucket()
    stack = Stack(target=target, name=target.stack_name, poll_seconds=_poll_seconds(target))
    template_url = _upload(artefacts, package, say)
    wanted = _declared(package, stack.parameters() | (parameters or {})) | {"Stage": target.stage}
    stack.deploy(template_url, wanted, say)
    fill_secrets(target)
    outputs = stack.outputs()
    if not wanted.get("PublicBaseUrl"):
        stack.deploy(template_url, wanted | {"PublicBaseUrl": outputs["EndpointURL"].rstrip("/")}, say)
    return outputs


def _upload(artefacts: Artefacts, package: Package, say: Say) -> str:
    say("uploading the package")
    code = artefacts.put_file(package.archive, "code", ".zip")
    template = _with_code(package.read_template(), artefacts.bucket, code)
    return artefacts.url(artefacts.put_text(compact(template), "template", ".json"))


def _with_code(template: dict[str, Any], bucket: str, key: str) -> dict[str, Any]:
    """Point every function at the uploaded zip; its key changes with its content, so the code updates."""
    deployable = copy.deepcopy(template)
    for resource in deployable["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    return deployable


def _declared(package: Package, parameters: dict[str, str]) -> dict[str, str]:
    declared = package.read_template()["Parameters"]
    return {name: value for name, value in parameters.items() if name in declared}


def _poll_seconds(target: Target) -> float:
    return 3.0 if target.endpoint_url is None else 0.2
