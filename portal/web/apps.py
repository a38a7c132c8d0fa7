"""Pages of the portal."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "portal.web"
    label = "portal_web"

    def ready(self) -> None:
        from portal.sign_in import directories, receivers  # noqa: F401 - receivers are connected
        from portal.web import bulk_actions, exports, imports, notice_papers, package_files
        from tenants.rights import package_renderers

        directories.register()
        package_renderers.register(package_files.write)
        exports.register()
        imports.register()
        notice_papers.register()
        bulk_actions.register_all()
