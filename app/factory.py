"""Puts the parts together; no logic of its own."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    cli,
    errors,
    i18n,
    identity,
    limits,
    logs,
    rendering,
    security,
    static_files,
    transactions,
    upkeep,
)
from app.accounts import (
    confirming,
    factors,
    identities,
    letters,
    organisations,
    recovery,
    rights,
    second_step,
    settings,
)
from app.accounts import routes as accounts
from app.authoring import building as authoring_building
from app.authoring import checks as authoring_checks
from app.authoring import commitments as authoring_commitments
from app.authoring import consultations as authoring_consultations
from app.authoring import drafts as authoring_drafts
from app.authoring import groups as authoring_groups
from app.authoring import hearing as authoring_hearing
from app.authoring import imports as authoring_imports
from app.authoring import monitoring as authoring_monitoring
from app.authoring import motions as authoring_motions
from app.authoring import offline as authoring_offline
from app.authoring import offline_files as authoring_offline_files
from app.authoring import panels as authoring_panels
from app.authoring import population as authoring_population
from app.authoring import preparing as authoring_preparing
from app.authoring import questions as authoring_questions
from app.authoring import report as authoring_report
from app.authoring import responses as authoring_responses
from app.authoring import stakeholder_tables as authoring_stakeholder_tables
from app.authoring import stakeholders as authoring_stakeholders
from app.authoring import summaries as authoring_summaries
from app.authoring import templates as authoring_templates
from app.authoring import theme_acts as authoring_theme_acts
from app.authoring import theme_reading as authoring_theme_reading
from app.authoring import themes as authoring_themes
from app.authoring import work as authoring_work
from app.config import ROOT, Config
from app.extensions import compress, csrf, db, migrate
from app.mail import office
from app.moderating import acts as moderating_acts
from app.moderating import appeals as moderating_appeals
from app.moderating import register as moderating_register
from app.moderating import reviews as moderating_reviews
from app.moderating import routes as moderating
from app.participation import (
    answers,
    appeals,
    checking,
    comments,
    commitments,
    discussion,
    drafts,
    group_proposals,
    group_seats,
    group_work,
    groups,
    hearing,
    listening,
    panels,
    receipts,
    report,
    results,
    scorecards,
    slips,
    standing,
    statements,
    trail,
    trails,
    writing,
)
from app.participation import consultations as participation_consultations
from app.site import feeds, keeping, offline, open_data, reports, template_pages
from app.site import routes as site

BLUEPRINTS = (
    site.blueprint,
    offline.blueprint,
    feeds.blueprint,
    accounts.blueprint,
    settings.blueprint,
    rights.blueprint,
    letters.blueprint,
    recovery.blueprint,
    second_step.blueprint,
    confirming.blueprint,
    factors.blueprint,
    identities.blueprint,
    organisations.blueprint,
    participation_consultations.blueprint,
    drafts.blueprint,
    comments.blueprint,
    writing.blueprint,
    receipts.blueprint,
    slips.blueprint,
    discussion.blueprint,
    statements.blueprint,
    results.blueprint,
    answers.blueprint,
    checking.blueprint,
    hearing.blueprint,
    report.blueprint,
    scorecards.blueprint,
    commitments.blueprint,
    listening.blueprint,
    panels.blueprint,
    groups.blueprint,
    group_seats.blueprint,
    group_work.blueprint,
    group_proposals.blueprint,
    standing.blueprint,
    open_data.blueprint,
    keeping.blueprint,
    template_pages.blueprint,
    reports.blueprint,
    trail.blueprint,
    trails.blueprint,
    appeals.blueprint,
    moderating.blueprint,
    moderating_appeals.blueprint,
    moderating_acts.blueprint,
    moderating_reviews.blueprint,
    moderating_register.blueprint,
    authoring_consultations.blueprint,
    authoring_preparing.blueprint,
    authoring_hearing.blueprint,
    authoring_stakeholders.blueprint,
    authoring_stakeholder_tables.blueprint,
    authoring_imports.blueprint,
    authoring_monitoring.blueprint,
    authoring_themes.blueprint,
    authoring_theme_acts.blueprint,
    authoring_theme_reading.blueprint,
    authoring_work.blueprint,
    authoring_motions.blueprint,
    authoring_drafts.blueprint,
    authoring_summaries.blueprint,
    authoring_building.blueprint,
    authoring_checks.blueprint,
    authoring_responses.blueprint,
    authoring_templates.blueprint,
    authoring_report.blueprint,
    authoring_commitments.blueprint,
    authoring_population.blueprint,
    authoring_offline.blueprint,
    authoring_offline_files.blueprint,
    authoring_groups.blueprint,
    authoring_questions.blueprint,
    authoring_panels.blueprint,
)


def create_app(config: Config | None = None) -> Flask:
    """Make the application.

    Parameters
    ----------
    config : Config, optional
        Read from the environment when not given.

    Raises
    ------
    app.config.ConfigurationError
        The environment does not describe a site that can run safely.
    """
    config = config or Config.from_environment()
    app = Flask("app", instance_path=str(config.instance_path))
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        SARN=config,
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    logs.init_app(app, config.log_level)
    limits.init_app(app, config)  # before transactions: it settles when they have ended
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    transactions.init_app(app, production=config.is_production)
    security.init_app(app, production=config.is_production)
    i18n.init_app(app)
    static_files.init_app(app)
    compress.init_app(app)
    csrf.init_app(app)
    identity.init_app(app, config)
    office.init_app(app, config)
    upkeep.init_app(app)
    rendering.init_app(app)
    errors.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    cli.init_app(app)
    return app
