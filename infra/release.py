"""`python -m infra package` and `deploy`: what `make package` and `make deploy` run."""

from typing import Annotated

import typer

from infra.catalogue_source import CatalogueInvalid, load_city
from infra.deploy import deploy_application
from infra.message_templates import TemplatesInvalid, load_templates
from infra.packaging.archive import PackageTooLarge
from infra.packaging.dependencies import DependenciesNotInstalled, install_dependencies
from infra.packaging.package import CACHE, ROOT, PackagingFailed, build_package
from infra.publication import PeopleAreStandIns, refuse_stand_ins
from infra.seeding import CITY, SeedingFailed, seed
from infra.stacks import StackFailed
from infra.target import DEFAULT_REGION, Target

_EXPECTED = (
    *(DependenciesNotInstalled, PackageTooLarge, PackagingFailed, SeedingFailed, StackFailed),
    *(CatalogueInvalid, PeopleAreStandIns, TemplatesInvalid),
)

StageOption = Annotated[str, typer.Option(envvar="STAGE", help="dev or prod; see .chalice/config.json.")]


def dependencies() -> None:
    """Fetch what the functions need, so that packaging works without a network from now on."""
    try:
        install_dependencies(ROOT / "requirements.txt", CACHE, typer.echo)
    except DependenciesNotInstalled as error:
        raise _fail(error) from None


def package(stage: StageOption) -> None:
    """Build the zip and the template of a stage and tell where they are."""
    try:
        built = build_package(stage, typer.echo)
    except _EXPECTED as error:
        raise _fail(error) from None
    typer.echo(f"template  {built.template}")
    typer.echo(f"zip       {built.archive}  {built.archive.stat().st_size / 1024 / 1024:.1f} MiB")


def deploy(
    stage: StageOption,
    region: Annotated[str, typer.Option(envvar="AWS_REGION")] = DEFAULT_REGION,
    public_base_url: Annotated[
        str | None, typer.Option(envvar="PUBLIC_BASE_URL", help="The API's own domain, if it has one.")
    ] = None,
    operators_email: Annotated[
        str | None, typer.Option(envvar="OPERATORS_EMAIL", help="Who receives the alarms.")
    ] = None,
    sender_email: Annotated[
        str | None, typer.Option(envvar="SENDER_EMAIL", help="From of e-mails, verified in SES.")
    ] = None,
    endpoint_url: Annotated[
        str | None, typer.Option(envvar="AWS_ENDPOINT_URL", help="An engine that stands in for AWS.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", envvar="YES", help="Do not ask.")] = False,
) -> None:
    """Deploy a stage: stack, secrets, secretariats' queues, catalogue."""
    target = Target(stage=stage, region=region, endpoint_url=endpoint_url)
    try:
        catalogue = load_city(CITY)
        refuse_stand_ins(catalogue, stage)
        load_templates(CITY, catalogue.city.name)
    except _EXPECTED as error:
        raise _fail(error) from None
    if not yes:
        typer.confirm(f"deploy {stage} to account {target.account_id}, {region}?", abort=True)
    wanted = {
        "PublicBaseUrl": public_base_url,
        "OperatorsEmail": operators_email,
        "SenderEmail": sender_email,
    }
    try:
        built = build_package(stage, typer.echo)
        parameters = {name: value for name, value in wanted.items() if value is not None}
        outputs = deploy_application(target, built, typer.echo, parameters)
        seed(target, typer.echo)
    except _EXPECTED as error:
        raise _fail(error) from None
    typer.echo(f"{stage} is deployed: {outputs['EndpointURL']}")


def _fail(error: Exception) -> typer.Exit:
    typer.secho(f"central156: {error}", fg=typer.colors.RED, err=True)
    return typer.Exit(1)
