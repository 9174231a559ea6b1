"""Create and update CloudFormation stacks through change sets."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.target import Target

Say = Callable[[str], None]

_POLL_SECONDS = 1.0
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")


class StackFailed(Exception):
    """CloudFormation refused or rolled back a change."""

    def __init__(self, stack: str, status: str, reasons: list[str]) -> None:
        """Keep the stack, its status and every resource's reason."""
        self.stack = stack
        self.status = status
        self.reasons = reasons
        super().__init__(f"stack {stack}: {status}" + "".join(f"\n  {reason}" for reason in reasons))


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack of a target, by name."""

    target: Target
    name: str
    poll_seconds: float = _POLL_SECONDS

    def deploy(self, template_url: str, parameters: Mapping[str, str], say: Say) -> bool:
        """Bring the stack to the template; return whether anything changed.

        Raises:
            StackFailed: the change was refused or rolled back.
        """
        cloudformation = self.target.client("cloudformation")
        exists = self._forget_failed_creation(cloudformation)
        change_set = self._propose(cloudformation, template_url, parameters, exists)
        if change_set is None:
            return False
        say(f"{'updating' if exists else 'creating'} stack {self.name}")
        cloudformation.execute_change_set(ChangeSetName=change_set)
        self._await_end(cloudformation, say)
        return True

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the deployed stack."""
        stack = self._describe(self.target.client("cloudformation"))
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the deployed stack; none if it does not exist."""
        stack = self._describe(self.target.client("cloudformation"))
        return {item["ParameterKey"]: item["ParameterValue"] for item in stack.get("Parameters", [])}

    def exists(self) -> bool:
        """Tell whether the stack was ever deployed."""
        status = self._describe(self.target.client("cloudformation")).get("StackStatus")
        return status not in (None, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE", "ROLLBACK_COMPLETE")

    def _describe(self, cloudformation: Any) -> dict[str, Any]:
        try:
            stack: dict[str, Any] = cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return {}
            raise
        return stack

    def _forget_failed_creation(self, cloudformation: Any) -> bool:
        """Delete a stack whose first creation rolled back: it can only be made anew."""
        status = self._describe(cloudformation).get("StackStatus")
        if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"):
            cloudformation.delete_stack(StackName=self.name)
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=self.name)
            return False
        return status not in (None, "DELETE_COMPLETE")

    def _propose(
        self, cloudformation: Any, template_url: str, parameters: Mapping[str, str], exists: bool
    ) -> str | None:
        change_set = str(
            cloudformation.create_change_set(
                StackName=self.name,
                ChangeSetName=f"deploy-{time.time_ns()}",
                ChangeSetType="UPDATE" if exists else "CREATE",
                TemplateURL=template_url,
                Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
                Capabilities=_CAPABILITIES,
                Tags=[{"Key": "application", "Value": "central156"}],
            )["Id"]
        )
        while True:
            described = cloudformation.describe_change_set(ChangeSetName=change_set)
            if described["Status"] == "CREATE_COMPLETE":
                return change_set
            if described["Status"] == "FAILED":
                reason = described.get("StatusReason", "")
                cloudformation.delete_change_set(ChangeSetName=change_set)
                if any(phrase in reason for phrase in _NOTHING_TO_DO):
                    return None
                raise StackFailed(self.name, "change set refused", [reason])
            time.sleep(self.poll_seconds)

    def _await_end(self, cloudformation: Any, say: Say) -> None:
        started = time.monotonic()
        said = started
        while True:
            stack = self._describe(cloudformation)
            status = stack.get("StackStatus", "DELETE_COMPLETE")
            if not status.endswith("_IN_PROGRESS"):
                break
            if time.monotonic() - said > 15:
                said = time.monotonic()
                say(f"stack {self.name}: {status.lower()} for {said - started:.0f} s")
            time.sleep(self.poll_seconds)
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise StackFailed(self.name, status, self._failures(cloudformation))

    def _failures(self, cloudformation: Any) -> list[str]:
        events = cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED")
        ][:10]


def compact(template: Mapping[str, Any]) -> str:
    """Serialise a template as small as it gets."""
    return json.dumps(template, separators=(",", ":"))
